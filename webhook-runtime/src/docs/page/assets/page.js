// The page: reads the document, shows it by Swagger UI with a Connect panel for each source, and signs what Try it out
// sends.
//
// It reads the document and nothing else: no query, no fragment, no storage.

import { panels } from './connect.js';
import { calledUrl, operationAt, shown, sourcesOf, withEventType } from './document.js';
import { sign } from './sign.js';

const root = document.documentElement.dataset;
const host = document.getElementById('page');
/** What was typed, by the name of the source. Gone with the page. */
const secrets = new Map();
const events = new Map();
const listeners = new Set();
const canSign = globalThis.isSecureContext && Boolean(globalThis.crypto?.subtle);

try {
  const answer = await fetch(root.document, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  show(shown(await answer.json(), location.pathname.slice(0, -root.page.length)));
} catch (error) {
  host.textContent = `The document at ${root.document} cannot be shown: ${error.message}`;
}

function show(openapi) {
  document.title = openapi.info?.title ?? 'Webhooks';
  const sources = sourcesOf(openapi);
  const connect = panels(sources, canSign, {
    secret: (name, secret) => {
      secrets.set(name, secret);
      listeners.forEach((tell) => tell());
    },
    event: (name, event) => events.set(name, event),
  });
  globalThis.SwaggerUIBundle({
    spec: openapi,
    domNode: host,
    presets: [globalThis.SwaggerUIBundle.presets.apis],
    plugins: [beside(connect, openapi)],
    // Swagger's own server would be asked otherwise.
    validatorUrl: null,
    queryConfigEnabled: false,
    persistAuthorization: false,
    deepLinking: false,
    defaultModelsExpandDepth: 0,
    requestInterceptor: (request) => signed(request, openapi),
  });
}

/** What is about to be sent, signed where there is a secret for it. */
async function signed(request, openapi) {
  const url = new URL(request.url, location.href);
  const found = operationAt(openapi, url, request.method ?? 'GET');
  if (!found) return request;
  const { operation, source } = found;
  request.headers = sendable(request.headers);

  const event = events.get(source);
  const typed = typeof request.body === 'string' || request.body === undefined;
  if (event && typed) {
    const { headers, body } = withEventType(operation, event, request.body ?? '');
    Object.assign(request.headers, headers);
    request.body = body;
  }
  const secret = secrets.get(source);
  if (!secret || !canSign) return request;
  if (!typed) throw new Error('Only a body of text is signed: this one is a file or a multipart form.');
  const { headers, query, body } = await sign(operation['x-webhook-signature'], {
    secret,
    id: `msg_${crypto.randomUUID()}`,
    time: Date.now(),
    method: request.method,
    url: calledUrl(operation, url),
    body: request.body ?? '',
  });
  Object.assign(request.headers, headers);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  request.url = url.href;
  request.body = body;
  return request;
}

/** An example of the document may hold what no header can carry; the app then refuses the delivery without it. */
function sendable(headers) {
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([, value]) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value)));
}

/** Puts the panels above the operations, and a note on the signature beside each Execute. */
function beside(connect, openapi) {
  return ({ React: { createElement, useEffect, useReducer, useRef, Fragment } }) => {
    const Panels = () => {
      const holder = useRef(null);
      useEffect(() => holder.current.replaceChildren(connect), []);
      return createElement('div', { ref: holder, className: 'wrapper' });
    };
    const Note = ({ path, method }) => {
      const [, tell] = useReducer((count) => count + 1, 0);
      useEffect(() => {
        listeners.add(tell);
        return () => listeners.delete(tell);
      }, []);
      const operation = openapi.paths?.[path]?.[method];
      return createElement('p', { className: 'sign-note' }, note(operation));
    };
    const nothing = () => null;
    return {
      wrapComponents: {
        operations: (Original) => (given) =>
          createElement(Fragment, null, createElement(Panels), createElement(Original, given)),
        execute: (Original) => (given) =>
          createElement(Fragment, null, createElement(Note, given), createElement(Original, given)),
        // The field of the panel is the one place for a secret.
        authorizeBtn: () => nothing,
        authorizeOperationBtn: () => nothing,
      },
    };
  };
}

function note(operation) {
  const signature = operation?.['x-webhook-signature'];
  if (!signature?.sent) return 'Sent as it stands: only the sender can sign.';
  const name = operation['x-webhook-source']?.name;
  if (!canSign) return 'Sent without a valid signature: this page is neither on https nor on localhost.';
  if (secrets.get(name)) return 'Signed when it is sent: id, timestamp and signature are replaced.';
  return 'No signing secret is typed in above, so the app will refuse this with 401.';
}
