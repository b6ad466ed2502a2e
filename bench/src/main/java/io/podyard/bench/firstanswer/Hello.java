package io.podyard.bench.firstanswer;

/** The least that Java can be started for. */
public final class Hello {

  private Hello() {}

  public static void main(String[] args) {
    System.out.println("hello");
  }
}
