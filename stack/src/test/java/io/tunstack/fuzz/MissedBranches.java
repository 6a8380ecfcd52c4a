package io.tunstack.fuzz;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Lists the branches that JaCoCo's XML report says were never taken. */
final class MissedBranches {
  private MissedBranches() {}

  /** Prints one line for each source file of the report that the argument names. */
  public static void main(String[] args)
      throws IOException, ParserConfigurationException, SAXException {
    DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    // The report names a document type that need not be fetched.
    builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
    NodeList files = builder.parse(Path.of(args[0]).toFile()).getElementsByTagName("sourcefile");
    int missed = 0;
    int all = 0;
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < files.getLength(); i++) {
      Element file = (Element) files.item(i);
      NodeList line = file.getElementsByTagName("line");
      StringBuilder where = new StringBuilder();
      for (int j = 0; j < line.getLength(); j++) {
        Element each = (Element) line.item(j);
        int missedHere = Integer.parseInt(each.getAttribute("mb"));
        all += missedHere + Integer.parseInt(each.getAttribute("cb"));
        missed += missedHere;
        if (missedHere > 0) {
          where.append(' ').append(each.getAttribute("nr"));
        }
      }
      if (where.length() > 0) {
        lines.add("  " + file.getAttribute("name") + ":" + where);
      }
    }
    System.out.printf(
        "%d of %d branches of io.tunstack.tcp never reached, in lines%n", missed, all);
    lines.stream().sorted().forEach(System.out::println);
  }
}
