package foretaste;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** TLS to the servers, 1.2 or 1.3. The server's certificate and name are always checked. */
public final class TLS {
    private final SSLContext context;
    private final String serverName;

    private TLS(SSLContext context, String serverName) {
        this.context = context;
        this.serverName = serverName;
    }

    /** Trusts the authorities that Java trusts. */
    public static TLS trustingSystem() throws GeneralSecurityException {
        return new TLS(SSLContext.getDefault(), null);
    }

    /** Trusts the certificates in this file (PEM) and no others. */
    public static TLS trusting(Path authorities) throws GeneralSecurityException, IOException {
        return trusting(authorities, null, null);
    }

    /** The same, and shows a certificate of its own (PEM; the key as PKCS #8 without a password). */
    public static TLS trusting(Path authorities, Path certificate, Path privateKey) throws GeneralSecurityException, IOException {
        KeyStore trusted = emptyStore();
        int count = 0;
        for (Certificate each : certificates(authorities)) trusted.setCertificateEntry("ca" + count++, each);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] keys = null;
        if (certificate != null) {
            KeyStore own = emptyStore();
            own.setKeyEntry("own", privateKey(privateKey), new char[0], certificates(certificate));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(own, new char[0]);
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return new TLS(context, null);
    }

    public static TLS with(SSLContext context) {
        return new TLS(context, null);
    }

    /** The name to look for in the server's certificate, where it is not the address's. */
    public TLS withServerName(String name) {
        return new TLS(context, name);
    }

    SSLSocket around(Socket socket, Address address) throws IOException {
        String name = serverName == null ? address.host() : serverName;
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, name, address.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Certificate[] certificates(Path path) throws GeneralSecurityException, IOException {
        try (InputStream stream = Files.newInputStream(path)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(stream).toArray(new Certificate[0]);
        }
    }

    private static PrivateKey privateKey(Path path) throws GeneralSecurityException, IOException {
        String text = Files.readString(path);
        int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (begin < 0 || end < begin) throw new InvalidKeySpecException(path + " holds no private key as PKCS #8 without a password");
        PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text.substring(begin + 27, end)));
        try {
            return KeyFactory.getInstance("EC").generatePrivate(key);
        } catch (InvalidKeySpecException notElliptic) {
            return KeyFactory.getInstance("RSA").generatePrivate(key);
        }
    }
}
