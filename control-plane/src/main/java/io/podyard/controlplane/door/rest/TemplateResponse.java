package io.podyard.controlplane.door.rest;

/**
 * The template of a group.
 *
 * @param template a JSON document, as the other two operations on templates take it
 */
record TemplateResponse(String template) {}
