package io.podyard.runtime.docker.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One page of the objects of a bucket.
 *
 * @param next where the next page begins; empty if there is none
 */
record BucketListing(List<Found> objects, String next) {

  /**
   * @param tag names this state of the object; may be empty
   */
  record Found(String key, long size, String tag) {}

  /**
   * @throws IOException if it is no such page
   */
  static BucketListing parse(InputStream page) throws IOException {
    List<Found> objects = new ArrayList<>();
    String next = "";
    boolean more = false;
    boolean encoded = false;
    boolean listing = false;
    String key = "";
    long size = -1;
    String tag = "";
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(page);
      StringBuilder text = new StringBuilder();
      while (xml.hasNext()) {
        switch (xml.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            text.setLength(0);
            listing |= xml.getLocalName().equals("ListBucketResult");
            if (xml.getLocalName().equals("Contents")) {
              key = "";
              size = -1;
              tag = "";
            }
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
              text.append(xml.getText());
          case XMLStreamConstants.END_ELEMENT -> {
            switch (xml.getLocalName()) {
              case "EncodingType" -> encoded = text.toString().equals("url");
              case "IsTruncated" -> more = text.toString().strip().equals("true");
              case "NextContinuationToken" -> next = text.toString();
              case "Key" -> key = text.toString();
              case "Size" -> size = Long.parseLong(text.toString().strip());
              case "ETag" -> tag = text.toString();
              case "Contents" -> {
                if (key.isEmpty() || size < 0) {
                  throw new IOException("an object without a key or a size is listed");
                }
                objects.add(new Found(key, size, tag));
              }
              default -> {}
            }
            text.setLength(0);
          }
          default -> {}
        }
      }
    } catch (XMLStreamException | NumberFormatException e) {
      throw new IOException("the list of objects cannot be understood", e);
    }
    if (!listing || (more && next.isEmpty())) {
      throw new IOException("the list of objects is not whole");
    }
    boolean decode = encoded;
    return new BucketListing(
        objects.stream()
            .map(o -> decode ? new Found(decoded(o.key()), o.size(), o.tag()) : o)
            .toList(),
        more ? next : "");
  }

  /** Not shared by threads, and without any file or address that a page may name. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }

  private static String decoded(String key) {
    return URLDecoder.decode(key, StandardCharsets.UTF_8);
  }
}
