// CBLAS from OpenBLAS's own header; LAPACK by its Fortran symbols, because Debian builds OpenBLAS without LAPACKE.
// Fortran passes everything by reference; the trailing size_t is the hidden length of each character argument.
#pragma once
#include <stddef.h>
#include <cblas.h>

// Cholesky factor of a symmetric positive definite matrix, in place. info > 0: not positive definite.
void spotrf_(const char *uplo, const int *n, float *a, const int *lda, int *info, size_t uploLength);
// Inverse of a triangular matrix, in place.
void strtri_(const char *uplo, const char *diag, const int *n, float *a, const int *lda, int *info, size_t uploLength,
             size_t diagLength);
// Solution of A x = b for a symmetric positive definite A, by Cholesky; A is overwritten by its factor, b by x.
// info > 0: not positive definite.
void sposv_(const char *uplo, const int *n, const int *nrhs, float *a, const int *lda, float *b, const int *ldb, int *info,
            size_t uploLength);
// The same in Double; and a Cholesky factor and, from it, the inverse, both in place.
void dposv_(const char *uplo, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb, int *info,
            size_t uploLength);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t uploLength);
void dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t uploLength);
// Singular values and vectors of a general matrix by divide and conquer. info > 0: did not converge.
void sgesdd_(const char *jobz, const int *m, const int *n, float *a, const int *lda, float *s, float *u, const int *ldu,
             float *vt, const int *ldvt, float *work, const int *lwork, int *iwork, int *info, size_t jobzLength);
// Eigenvalues, ascending, and eigenvectors of a symmetric matrix by divide and conquer; A is overwritten by the vectors.
// info > 0: did not converge.
void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w, float *work,
             const int *lwork, int *iwork, const int *liwork, int *info, size_t jobzLength, size_t uploLength);
