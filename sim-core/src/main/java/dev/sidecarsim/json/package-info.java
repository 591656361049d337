/**
 * A small immutable tree of JSON values that remember where they were written.
 *
 * <pre>
 *   text ── JsonReader ──▶ Json ── compact(), pretty() ──▶ text
 *                           │
 *        JsonObject  JsonArray  JsonString  JsonNumber  JsonBoolean  JsonNull
 *                           │
 *                        Location   values.yaml:17
 * </pre>
 *
 * <p>Manifests, configuration dumps and the command line's answers all are such trees. Keys keep
 * their order, numbers keep their digits, and a value that has the wrong type is refused with the
 * file and the line where it stands. Two trees are equal when their values are, wherever they were
 * written. This is the only package that names Jackson.
 *
 * <p>Not modelled: comments, streaming of documents that do not fit into memory.
 */
@NullMarked
package dev.sidecarsim.json;

import org.jspecify.annotations.NullMarked;
