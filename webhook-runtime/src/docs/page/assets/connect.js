// The Connect panels: beside each source what its sender has to be told, and the field for its secret.
//
// Every text of the document becomes text. A secret is handed on as it is typed, and is written into no attribute, no
// storage and no URL.

import { complaint } from './sign.js';

/** A panel for each source. `typed` is told each secret and each event type that is chosen, by the source's name. */
export function panels(sources, canSign, typed) {
  const all = element('section', { className: 'connect', ariaLabel: 'Connect' }, [element('h2', {}, ['Connect'])]);
  if (!canSign) {
    all.append(
      element('p', { className: 'connect-warning', role: 'note' }, [
        'This page cannot sign: it is neither on https nor on localhost, and browsers sign nowhere else. ',
        'Open it by one of them to type a signing secret.',
      ]),
    );
  }
  sources.forEach((source) => all.append(panel(source, canSign, typed, sources.length <= MOST_OPEN)));
  return all;
}

function panel(source, canSign, typed, open) {
  const { name, provider, signature, secret, routes } = source;
  const head = element('summary', {}, [
    element('h3', {}, [provider]),
    element('code', { className: 'connect-name' }, [name]),
    element('span', { className: `connect-secret is-${secret.replace(/\W/g, '-')}` }, [SECRETS[secret] ?? secret]),
  ]);
  const facts = element('dl', {}, [
    ...fact(routes.length > 1 ? 'Paste one at the sender' : 'Paste at the sender', routes.map(route)),
    ...fact('Signed by', [element('p', {}, markdown(signature?.scheme ?? 'An unknown scheme.')), ...recipe(signature)]),
    ...fact('Events', [events(routes)]),
  ]);
  return element('details', { className: 'connect-source', open, id: `connect-${name}` }, [
    head,
    element('div', { className: 'connect-body' }, [facts, trying(source, canSign, typed)]),
  ]);
}

/** The URL of a route, and a button that copies it. */
function route({ url, events }, _, all) {
  const code = element('code', { className: 'connect-url' }, [url]);
  const button = element('button', { type: 'button', className: 'connect-copy', ariaLabel: `Copy ${url}` }, ['Copy']);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(url);
      button.textContent = 'Copied';
    } catch {
      // Without a clipboard the text is marked, to be copied by hand.
      globalThis.getSelection().selectAllChildren(code);
      button.textContent = 'Marked';
    }
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  const label = all.length > 1 ? [element('span', { className: 'connect-event' }, [events.join(', ')])] : [];
  return element('div', { className: 'connect-route' }, [...label, code, button]);
}

/** What travels, and what is signed, as templates. */
function recipe(signature) {
  if (!signature?.sent) return [element('p', { className: 'connect-quiet' }, [signature?.senderOnly ?? ''])];
  const rows = signature.sent.map((it) =>
    element('tr', {}, [
      element('td', {}, [element('code', {}, [it.name ?? `${it.each ?? ''}${it.each ? '/*' : ''}${it.pointer}`])]),
      element('td', {}, [element('code', {}, [template(it.value)])]),
    ]),
  );
  if (signature.signed) {
    const what = `${signature.algorithm}, ${signature.encoding}`;
    rows.push(
      element('tr', {}, [
        element('td', {}, [element('code', {}, ['{signature}'])]),
        element('td', {}, [`${what}, over `, element('code', {}, [template(signature.signed)])]),
      ]),
    );
  }
  return [element('table', {}, rows)];
}

function template(pieces) {
  return pieces.map((it) => it.text ?? `{${it.value ?? it.field}}`).join('');
}

function events(routes) {
  const all = routes.flatMap((it) => it.events);
  return element('ul', { className: 'connect-events' }, all.map((it) => element('li', {}, [element('code', {}, [it])])));
}

/** The fields that Try it out sends by. */
function trying({ name, signature, routes, secret }, canSign, typed) {
  const box = element('form', { className: 'connect-try', autocomplete: 'off' });
  // Chromium wants a password in a form; this one goes nowhere.
  box.addEventListener('submit', (event) => event.preventDefault());
  if (!signature?.sent) {
    box.append(element('p', { className: 'connect-quiet' }, ['Try it out sends what you type, and no signature.']));
    return box;
  }
  const id = `secret-of-${name}`;
  const field = element('input', {
    id, type: 'password', autocomplete: 'off', spellcheck: false, disabled: !canSign,
    placeholder: signature.key === 'base64' ? 'whsec_…' : '',
  });
  // Password managers would keep what nobody else should have.
  for (const ignored of ['data-1p-ignore', 'data-lpignore', 'data-bwignore']) field.setAttribute(ignored, 'true');
  const state = element('p', { className: 'connect-state', role: 'status', id: `${id}-state` });
  field.setAttribute('aria-describedby', state.id);
  const tell = () => {
    const problem = field.value.trim() && complaint(signature, field.value);
    state.textContent = problem || (field.value.trim() ? READY : IDLE[signature.algorithm ? 'key' : 'token']);
    state.className = `connect-state ${problem ? 'is-wrong' : field.value.trim() ? 'is-ready' : ''}`;
    typed.secret(name, problem ? '' : field.value.trim());
  };
  field.addEventListener('input', tell);
  box.append(element('label', { htmlFor: id }, ['Signing secret']), field, state);
  tell();

  const types = routes.filter((it) => it.takesTypes).flatMap((it) => it.events).filter((it) => !it.includes('*'));
  if (types.length > 0) {
    const select = element('select', { id: `event-of-${name}` }, [
      element('option', { value: '' }, ['as the body says']),
      ...types.map((it) => element('option', { value: it }, [it])),
    ]);
    select.selectedIndex = 1;
    select.addEventListener('change', () => typed.event(name, select.value));
    typed.event(name, types[0]);
    box.append(element('label', { htmlFor: select.id }, ['Event to send']), select);
  }
  return box;
}

function fact(term, content) {
  return [element('dt', {}, [term]), element('dd', {}, content)];
}

/** Of Markdown, what the sentences of this crate have: code between backticks, and stars around what is strong. */
function markdown(text) {
  return text.split(/(`[^`]*`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith('`')) return element('code', {}, [part.slice(1, -1)]);
    return part.startsWith('**') ? element('strong', {}, [part.slice(2, -2)]) : part;
  });
}

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** More sources than this are listed closed. */
const MOST_OPEN = 3;

const SECRETS = {
  configured: 'Secret configured',
  missing: 'Secret missing',
  'looked up': 'Secret looked up for each delivery',
  published: 'Keys published by the sender',
};

const READY = 'Try it out signs what it sends.';
const IDLE = {
  key: 'Stays in the memory of this page: it signs, and is never sent or stored.',
  token: 'Stays in the memory of this page, and travels as the token of what Try it out sends.',
};
