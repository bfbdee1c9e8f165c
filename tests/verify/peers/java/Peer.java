// Reads one chain a line, prints Java's own verdict a line: what JSSE's default trust manager and host
// name checker do with a server's certificates, without the connection. No JSON library in the JDK: the
// fields are id, name, at, then c:<base64> of the chain and r:<base64> of the roots, with spaces between.

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

public final class Peer {
  private static final CertificateFactory FACTORY;

  static {
    try {
      FACTORY = CertificateFactory.getInstance("X.509");
    } catch (java.security.cert.CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate parsed(String base64) throws Exception {
    byte[] der = Base64.getDecoder().decode(base64);
    return (X509Certificate) FACTORY.generateCertificate(new ByteArrayInputStream(der));
  }

  private static void judge(String name, long at, List<X509Certificate> chain,
      List<X509Certificate> roots) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < roots.size(); i++) {
      store.setCertificateEntry("root" + i, roots.get(i));
    }
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
    parameters.setRevocationEnabled(false);
    parameters.setDate(new Date(at * 1000));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
    // "UNKNOWN" is what TLS 1.3 hands over.
    manager.checkServerTrusted(chain.toArray(new X509Certificate[0]), "UNKNOWN");
    sun.security.util.HostnameChecker.getInstance(sun.security.util.HostnameChecker.TYPE_TLS)
        .match(name, chain.get(0));
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "US-ASCII"));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      String error = "";
      try {
        List<X509Certificate> chain = new ArrayList<>();
        List<X509Certificate> roots = new ArrayList<>();
        for (int i = 3; i < words.length; i++) {
          if (words[i].startsWith("c:")) {
            chain.add(parsed(words[i].substring(2)));
          } else {
            try {
              roots.add(parsed(words[i].substring(2)));
            } catch (Exception e) {
              // A store leaves out what cannot be read.
            }
          }
        }
        judge(words[1], Long.parseLong(words[2]), chain, roots);
      } catch (Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
          cause = cause.getCause();
        }
        error = e + " / " + cause;
      }
      out.println(words[0] + " " + (error.isEmpty() ? "pass" : "fail " + error.replace('\n', ' ')));
    }
    out.flush();
  }
}
