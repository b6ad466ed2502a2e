package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.door.HttpAnswer;

/** An answer that is no JSON but events, sent one by one for as long as something happens. */
interface StreamedAnswer {

  String MEDIA_TYPE = "text/event-stream";

  HttpAnswer.Stream stream();
}
