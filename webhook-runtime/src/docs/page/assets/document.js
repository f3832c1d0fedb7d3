// Reads what the page needs out of the document: its sources, and the operation behind a request.
//
// Pure, and trusting nothing: each text is shown as text, and a URL of the document is never followed.

import { parsed, put } from './sign.js';

/** The sources of a document, each with its routes. */
export function sourcesOf(document) {
  const sources = new Map();
  for (const { path, operation } of routes(document)) {
    const { name, provider, secret, events = [] } = operation['x-webhook-source'];
    const known = sources.get(name) ?? { name, provider, secret, signature: operation['x-webhook-signature'], routes: [] };
    const url = publicUrl(document, path, operation);
    const same = known.routes.find((it) => it.path === path);
    // One event may come by several methods.
    if (same) same.events = [...new Set([...same.events, ...events])];
    else known.routes.push({ path, url, events, takesTypes: takesTypes(operation) });
    sources.set(name, known);
  }
  return [...sources.values()];
}

/** The operation that a request is for, with the name of its source; nothing where the document has none. */
export function operationAt(document, url, method) {
  const path = url.pathname.slice(basePath(document).length) || '/';
  const found = routes(document).find((it) => it.method === method.toLowerCase() && fits(it.path, path));
  return found && { operation: found.operation, source: found.operation['x-webhook-source'].name };
}

/** The URL that the sender would call, as the verifier sees it: what is configured, and the query of the request. */
export function calledUrl(operation, url) {
  const { url: whole, baseUrl } = operation['x-webhook-source'];
  if (whole) return `${whole}${url.search}`;
  return `${baseUrl ?? url.origin}${url.pathname}${url.search}`;
}

/** Lets a delivery be of this event type, where the type stands in a header or in a body of JSON. */
export function withEventType(operation, eventType, body) {
  const { eventType: places = [], each } = operation['x-webhook-source'];
  const headers = {};
  const place = places[0];
  if (place?.header) {
    const { name, joined } = place.header;
    const [type, action] = joined ? cut(eventType, 2) : [eventType];
    headers[name] = type;
    if (action !== undefined) body = changed(body, undefined, [[joined, action]]);
  } else if (place?.body) {
    const { pointers } = place.body;
    const parts = cut(eventType, pointers.length);
    body = changed(body, each, parts.map((part, index) => [pointers[index], part]));
  }
  return { headers, body };
}

/** The document as Swagger UI shows it: below the prefix that the page was found under, grouped by sender. */
export function shown(document, prefix) {
  const copy = structuredClone(document);
  if (!copy.servers?.length) copy.servers = [{ url: prefix || '/' }];
  for (const { operation } of routes(copy)) {
    if (!operation.tags?.length) operation.tags = [operation['x-webhook-source'].provider];
    if (operation.requestBody) operation.requestBody.content = editable(operation.requestBody.content);
  }
  return copy;
}

/** Bytes of any type have no field in Swagger UI, and Try it out needs one: such a body is typed as JSON or as text. */
function editable(content) {
  const { '*/*': bytes, ...others } = content;
  if (bytes && !bytes.schema && Object.keys(others).length === 0) {
    const example = bytes.examples ? { examples: bytes.examples } : { example: {} };
    return { 'application/json': { schema: {}, ...example }, 'text/plain': { schema: { type: 'string' } } };
  }
  const typed = bytes?.schema ? content : others;
  return Object.fromEntries(Object.entries(typed).map(([type, media]) => [type, exemplary(media)]));
}

/** A schema that says nothing gets a text for its example, into which no event type can be written. */
function exemplary(media) {
  const isAnything = media.schema === true || JSON.stringify(media.schema) === '{}';
  return isAnything && !media.examples && media.example === undefined ? { ...media, example: {} } : media;
}

function routes(document) {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation?.['x-webhook-source'])
      .map(([method, operation]) => ({ path, method, operation })),
  );
}

function publicUrl(document, path, operation) {
  const { url, baseUrl } = operation['x-webhook-source'];
  return url ?? `${baseUrl ?? serverUrl(document).origin}${basePath(document)}${path}`;
}

function basePath(document) {
  return serverUrl(document).pathname.replace(/\/$/, '');
}

function serverUrl(document) {
  return new URL(document.servers?.[0]?.url ?? '/', globalThis.location?.href ?? 'http://localhost/');
}

function takesTypes(operation) {
  return (operation['x-webhook-source'].eventType ?? []).some((it) => it.header || it.body);
}

/** Does a path have the shape of a template, whose patterns stand for one segment each? */
function fits(template, path) {
  const [expected, given] = [template.split('/'), path.split('/')];
  return expected.length === given.length && expected.every((it, index) => it.startsWith('{') || it === given[index]);
}

/** At the first dots, into so many parts at the most. */
function cut(text, parts) {
  const all = text.split('.');
  return all.length <= parts ? all : [...all.slice(0, parts - 1), all.slice(parts - 1).join('.')];
}

/** The body with these values at these pointers of it, or of each item of its list. A body that is no JSON stays. */
function changed(body, each, values) {
  let value;
  try {
    value = parsed(body);
  } catch {
    return body;
  }
  const list = each === undefined ? undefined : each === '' ? value : each.split('/').slice(1).reduce((it, name) => it?.[name], value);
  const items = Array.isArray(list) ? list : [value];
  items.forEach((item) => values.forEach(([pointer, part]) => put(item, pointer, part)));
  return JSON.stringify(value);
}
