package io.podyard.controlplane.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals secrets for storage with AES-256-GCM and opens them again.
 *
 * <p>Each sealed value is bound to a context, the id of the record it belongs to: moved to another
 * record it does not open. The form is {@code v1.<key id>.<nonce, ciphertext and tag in URL-safe
 * Base64>}; version and key id are authenticated too, so a later format or a second key can live
 * beside this one. Nonces are random 96-bit values, which is safe for 2^32 values under one key.
 *
 * <p>Safe for use by many threads.
 */
public final class SecretBox {

  private static final String VERSION = "v1";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretsKey key;
  private final SecureRandom random = new SecureRandom();

  public SecretBox(SecretsKey key) {
    this.key = key;
  }

  /**
   * Seals a secret. Two seals of the same secret differ.
   *
   * @param plain the secret, any text, may be empty
   * @param context the id of the record that will hold it
   */
  public String seal(String plain, String context) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
      byte[] secret = cipher.doFinal(plain.getBytes(StandardCharsets.UTF_8));
      byte[] box = Arrays.copyOf(nonce, nonce.length + secret.length);
      System.arraycopy(secret, 0, box, nonce.length, secret.length);
      return VERSION + "." + key.id() + "." + spelled(box);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not usable in this Java", e);
    }
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @param context the same context as given to {@link #seal}
   * @throws SecretNotOpenedException if it was sealed with another key or for another record, was
   *     altered, or is no sealed value at all; the message says which and carries no secret
   */
  public String open(String sealed, String context) {
    String[] parts = sealed.split("\\.", -1);
    if (parts.length != 3) {
      throw new SecretNotOpenedException("the value for " + context + " is not a sealed secret");
    }
    if (!parts[0].equals(VERSION)) {
      throw new SecretNotOpenedException(
          "the secret for "
              + context
              + " has a format that this version of Podyard does not know; it reads "
              + VERSION);
    }
    if (!parts[1].equals(key.id())) {
      throw new SecretNotOpenedException(
          "the secret for "
              + context
              + " was sealed with key "
              + parts[1]
              + ", but this process holds key "
              + key.id()
              + "; give it the key that was used then, by "
              + SecretsKey.SETTING
              + " or the file "
              + SecretsKey.FILE_NAME
              + " in the data folder");
    }
    byte[] box = box(parts[2], context);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(box, NONCE_BYTES), context);
      byte[] plain = cipher.doFinal(box, NONCE_BYTES, box.length - NONCE_BYTES);
      return new String(plain, StandardCharsets.UTF_8);
    } catch (AEADBadTagException e) {
      throw new SecretNotOpenedException(
          "the secret for " + context + " was altered, or was sealed for another record", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not usable in this Java", e);
    }
  }

  private static byte[] box(String text, String context) {
    byte[] box;
    try {
      box = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new SecretNotOpenedException("the secret for " + context + " is damaged", e);
    }
    if (box.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
      throw new SecretNotOpenedException("the secret for " + context + " is cut short");
    }
    // The last character may carry bits that decoding drops; one box has one spelling.
    if (!spelled(box).equals(text)) {
      throw new SecretNotOpenedException("the secret for " + context + " is damaged");
    }
    return box;
  }

  private static String spelled(byte[] box) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(box);
  }

  private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((VERSION + "." + key.id() + "." + context).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
