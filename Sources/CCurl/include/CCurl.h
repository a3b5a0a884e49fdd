// The door to libcurl: calls whose last argument may be of any type, which Swift cannot make, with one type each.
#ifndef FORETASTE_CCURL_H
#define FORETASTE_CCURL_H

#include <curl/curl.h>

CURLcode foretaste_curl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode foretaste_curl_set_number(CURL *handle, CURLoption option, long value);
CURLcode foretaste_curl_set_size(CURL *handle, CURLoption option, curl_off_t value);
CURLcode foretaste_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode foretaste_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode foretaste_curl_set_writer(CURL *handle, size_t (*writer)(char *, size_t, size_t, void *));
CURLcode foretaste_curl_response_code(CURL *handle, long *code);

#endif
