import java.io.FileInputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Fetches URLs with the JDK's HTTPS client: for each line "ID CA URL PROXY" one report on stdout. */
public class Client {
  static void fetch(String ca, String url, String proxy) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    int number = 0;
    try (FileInputStream pem = new FileInputStream(ca)) {
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        anchors.setCertificateEntry("anchor" + number++, one);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    Proxy by = Proxy.NO_PROXY;
    if (!proxy.equals("-")) {
      URI at = URI.create(proxy);
      by = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(at.getHost(), at.getPort()));
    }
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection(by);
    ((HttpsURLConnection) connection).setSSLSocketFactory(context.getSocketFactory());
    connection.setConnectTimeout(3000);
    connection.setReadTimeout(3000);
    connection.getInputStream().readAllBytes();
  }

  public static void main(String[] arguments) throws Exception {
    java.util.Scanner lines = new java.util.Scanner(System.in);
    while (lines.hasNextLine()) {
      String[] word = lines.nextLine().split(" ");
      try {
        fetch(word[1], word[2], word[3]);
      } catch (Throwable failure) {
        System.out.println("@@ " + word[0]);
        System.out.print("Exception in thread \"main\" ");
        failure.printStackTrace(System.out);
        System.out.flush();
      }
    }
  }
}
