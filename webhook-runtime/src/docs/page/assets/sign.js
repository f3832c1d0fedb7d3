// Signs a delivery by what the document says of its source (`x-webhook-signature`).
//
// Pure: a secret and a delivery go in, what has to travel comes out. The secret is kept nowhere, and leaves only where
// it is itself what the sender sends: a token. Runs in a browser and in Node alike.

/**
 * What travels with a delivery so that it is one of its sender.
 *
 * `delivery` has the secret, an id, the time in milliseconds since the Unix epoch, the method, the public URL and the
 * body as text. The result has headers and query parameters to set, and the body to send.
 */
export async function sign(signature, delivery) {
  if (!signature.sent) throw new Error(signature.senderOnly ?? 'The document does not say how this source signs.');
  const secret = delivery.secret.trim();
  if (!secret) throw new Error('There is no secret.');
  const values = {
    id: delivery.id,
    timestamp: spelled(signature.timestamp, delivery.time),
    method: delivery.method.toUpperCase(),
    url: delivery.url,
    decodedUrl: withHubSpotEscapesDecoded(delivery.url),
    body: delivery.body,
    sortedForm: sortedForm(delivery.body, (a, b) => ordered(a[0], b[0])),
    distinctForm: distinctForm(delivery.body),
    secret,
    secretInBase64: base64(bytes(secret)),
  };
  const compute = signature.algorithm && (await computation(signature, secret));
  const texts = async (pieces, item) => {
    const all = { ...values };
    if (compute) all.signature = await compute(joined(signature.signed, values, item));
    return joined(pieces, all, item);
  };

  const result = { headers: {}, query: {}, body: delivery.body };
  const inBody = signature.sent.filter((it) => it.in === 'body');
  if (inBody.length > 0) {
    // A proof inside the body changes it, so such a scheme signs a part of the body at the most.
    const body = parsed(delivery.body);
    for (const { each, pointer, value } of inBody) {
      const items = each === undefined ? [body] : at(body, each);
      if (!Array.isArray(items)) throw new Error(`The body has no list at ${each}.`);
      for (const item of items) put(item, pointer, await texts(value, item));
    }
    result.body = JSON.stringify(body);
  }
  for (const { in: place, name, value } of signature.sent) {
    if (place === 'header') result.headers[name] = await texts(value);
    if (place === 'query') result.query[name] = await texts(value);
  }
  return result;
}

/** What is wrong with a secret, in words; nothing where a key can be made of it. */
export function complaint(signature, secret) {
  try {
    key(signature.key, secret.trim());
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/** Computes signatures over texts. The key is made once. */
async function computation({ algorithm, key: form, encoding }, secret) {
  const raw = key(form, secret);
  const encode = encoding === 'hex' ? hex : base64;
  if (algorithm === 'secret-then-sha256') {
    return async (text) => encode(await digest(raw, bytes(text)));
  }
  const hash = { 'hmac-sha1': 'SHA-1', 'hmac-sha256': 'SHA-256', 'hmac-sha384': 'SHA-384', 'hmac-sha512': 'SHA-512' };
  const imported = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: hash[algorithm] }, false, ['sign']);
  return async (text) => encode(new Uint8Array(await crypto.subtle.sign('HMAC', imported, bytes(text))));
}

async function digest(secret, text) {
  const all = new Uint8Array(secret.length + text.length);
  all.set(secret);
  all.set(text, secret.length);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

function key(form, secret) {
  if (form === 'base64') {
    // The words of a text are secrets of their own, the current one first.
    const word = secret.split(/\s+/)[0];
    if (/^wh[ps]k_/.test(word)) throw new Error('This is a key for v1a. Take the secret that begins with whsec_.');
    const encoded = word.replace(/^whsec_/, '');
    if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded) || !encoded) {
      throw new Error('This is no secret of the sender: it is base64, most often after whsec_.');
    }
    return Uint8Array.from(atob(encoded), (it) => it.charCodeAt(0));
  }
  if (form === 'hex') {
    if (!/^([0-9A-Fa-f]{2})+$/.test(secret)) throw new Error('This is no secret of the sender: it is hex.');
    return Uint8Array.from(secret.match(/../g), (it) => parseInt(it, 16));
  }
  return bytes(secret);
}

function spelled(unit, time) {
  if (unit === 'milliseconds') return String(Math.floor(time));
  if (unit === 'rfc3339') return new Date(time).toISOString();
  return String(Math.floor(time / 1000));
}

function joined(pieces, values, item) {
  const text = (piece) => piece.text ?? (piece.field === undefined ? values[piece.value] : field(item, piece.field));
  return pieces.map(text).join('');
}

/** What stands at a JSON Pointer, as text; nothing of what is not there. */
function field(item, pointer) {
  const found = at(item, pointer);
  return found === undefined || found === null ? '' : String(found);
}

function at(value, pointer) {
  return tokens(pointer).reduce((inner, name) => inner?.[name], value);
}

/** Puts a value at a JSON Pointer, and makes the objects on the way. */
export function put(value, pointer, inner) {
  const names = tokens(pointer);
  const last = names.pop();
  const holder = names.reduce((holder, name) => {
    const own = Object.hasOwn(holder, name) ? holder[name] : undefined;
    if (typeof own !== 'object' || own === null) define(holder, name, {});
    return holder[name];
  }, value);
  define(holder, last, inner);
}

/** A plain assignment to `__proto__` would set what is no part of the body. */
function define(holder, name, value) {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}

function tokens(pointer) {
  return pointer.split('/').slice(1).map((it) => it.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The body as JSON that something can be put into. */
export function parsed(body) {
  let value;
  try {
    value = JSON.parse(body);
  } catch {
    // Told below.
  }
  if (typeof value !== 'object' || value === null) throw new Error('The body is no JSON object or list.');
  return value;
}

/** The fields of a form, decoded and sorted: name, value, name, value. */
function sortedForm(body, order) {
  return fields(body).sort(order).flat().join('');
}

/** The same, sorted by value too, with repeated fields taken once. */
function distinctForm(body) {
  const sorted = fields(body).sort((a, b) => ordered(a[0], b[0]) || ordered(a[1], b[1]));
  const isRepeat = ([name, value], index) => name === sorted[index - 1]?.[0] && value === sorted[index - 1]?.[1];
  return sorted.filter((it, index) => !isRepeat(it, index)).flat().join('');
}

function fields(body) {
  return [...new URLSearchParams(body)];
}

/** In the order of their code points, which is that of their bytes. */
function ordered(a, b) {
  const [left, right] = [[...a], [...b]];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = left[index].codePointAt(0) - right[index].codePointAt(0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** HubSpot decodes these escapes of the URL before it signs, and no other. */
function withHubSpotEscapesDecoded(url) {
  return url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent);
}

function bytes(text) {
  return new TextEncoder().encode(text);
}

function hex(raw) {
  return [...raw].map((it) => it.toString(16).padStart(2, '0')).join('');
}

function base64(raw) {
  return btoa(String.fromCharCode(...raw));
}
