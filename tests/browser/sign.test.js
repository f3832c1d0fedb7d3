// The signing module beside the verifier: for every provider whose secret a developer can type in, what the page signs
// by the document is taken by the app, and what it does not sign is not.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { calledUrl, operationAt, sourcesOf } from '../../webhook-runtime/src/docs/page/assets/document.js';
import { complaint, sign } from '../../webhook-runtime/src/docs/page/assets/sign.js';
import { SECRET, built, start } from './app.js';

const PUBLIC_URL = 'https://hooks.example.com';
const TEXT = 'a-long-random-secret:of-the-sender';

// The providers whose scheme has a choice, each with the settings of one run. A secret is text unless it says otherwise.
const RUNS = [
  {
    adyen: { secret: '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056', body: adyen() },
    asana: {}, auth0: {}, bitbucket: {}, calendly: {}, clerk: { secret: SECRET }, cloudevents: {},
    datadog: { TOKEN_HEADER: 'X-Datadog-Token' }, docusign: {}, dropbox: {}, figma: {}, forgejo: {}, gitea: {}, github: {},
    gitlab: {}, gocardless: {}, hubspot: { query: '?a=%3A%2f%C3%A9' }, ifttt: {}, intercom: {}, 'lemon-squeezy': {},
    linear: { body: JSON.stringify({ webhookTimestamp: Date.now() }) }, 'mailchimp-marketing': {}, mailgun: {},
    mandrill: { form: 'mandrill_events=%5B%7B%22event%22%3A%22send%22%7D%5D&b=2&a=%F0%9F%98%80&a=1&%EF%BF%BD=x' },
    meta: {}, 'microsoft-graph': { body: '{"value":[{"changeType":"created"},{"changeType":"deleted"}]}' },
    newrelic: { TOKEN_HEADER: 'X-Token' }, notion: {}, okta: {}, openai: { secret: SECRET }, paddle: {}, pagerduty: {},
    postmark: {}, razorpay: {}, resend: { secret: SECRET }, sentry: {}, shopify: {}, slack: {}, square: {},
    'standard-webhooks': { secret: SECRET }, stripe: {}, svix: { secret: SECRET }, trello: {},
    twilio: { form: 'b=2&a=1&a=1&a=0&%C3%A9=%2B+x' }, twitch: {}, typeform: {}, vercel: {}, websub: {}, woocommerce: {},
    'x-twitter': {}, zapier: { TOKEN_HEADER: 'X-Zap' }, zoom: {},
  },
  {
    datadog: { SCHEME: 'basic-auth' }, gitlab: { SCHEME: 'standard-webhooks', secret: SECRET },
    hubspot: { SCHEME: 'hubspot-v2' }, ifttt: { SCHEME: 'query-token', TOKEN_PARAM: 'key' },
    newrelic: { SCHEME: 'basic-auth' }, twilio: { REQUIRE_ALGORITHM: 'sha256', form: 'a=1' },
    websub: { ALGORITHMS: 'sha512\nsha256' }, zapier: { SCHEME: 'basic-auth' },
  },
  {
    hubspot: { SCHEME: 'hubspot-v1' }, websub: { ALGORITHMS: 'sha384' }, zapier: { SCHEME: 'query-token', TOKEN_PARAM: 'k&=' },
    // Asymmetric: the document says that only the sender signs.
    discord: { secret: '', PUBLIC_KEY: '3ad1fb1d8b5ae6f3e9ffb9cd4d4bc5a3c4f1cbbe3ad3e9bd0f5a1d3c0d5c2a14', senderOnly: true },
  },
];

let program;
const apps = [];
before(() => ({ providers: program } = built()));
after(() => Promise.all(apps.map((app) => app.stop())));

for (const [index, run] of RUNS.entries()) {
  test(`every source of run ${index + 1} takes what is signed by the document, and nothing else`, async (t) => {
    const app = await start(program, { WEBHOOK_PUBLIC_URL: PUBLIC_URL, ...environment(run) });
    apps.push(app);
    const document = await (await fetch(`${app.origin}/openapi.json`)).json();
    assert.deepEqual(sourcesOf(document).map((it) => it.name).sort(), Object.keys(run).sort());
    assert.ok(!JSON.stringify(document).includes(TEXT) && !JSON.stringify(document).includes(SECRET.slice(6)));
    for (const [name, settings] of Object.entries(run)) {
      await t.test(name, () => check(app.origin, document, name, settings));
    }
  });
}

async function check(origin, document, name, { secret = TEXT, body, form, query = '', senderOnly }) {
  const url = new URL(`${origin}/webhooks/${name}${query}`);
  const { operation, source } = operationAt(document, url, 'POST');
  assert.equal(source, name);
  const signature = operation['x-webhook-signature'];
  if (senderOnly) {
    assert.equal(signature.sent, undefined);
    assert.match(signature.senderOnly, /Only the sender can sign/);
    await assert.rejects(sign(signature, { secret: 'x' }), /Only the sender can sign/);
    return;
  }
  assert.equal(complaint(signature, secret), undefined);
  const delivery = {
    secret, id: `msg_${name}`, time: Date.now(), method: 'POST', url: calledUrl(operation, url),
    body: form ?? body ?? '{"type":"a.b","text":"é😀"}',
  };
  const contentType = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  const send = (signed) => post(url, contentType, signed);

  const signed = await sign(signature, delivery);
  const taken = await send(signed);
  assert.ok(taken >= 200 && taken < 300, `${name} answered ${taken} to ${JSON.stringify(signed)}`);

  const other = signature.key === 'base64' ? 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' : signature.key === 'hex' ? 'ab'.repeat(32) : 'another:secret';
  assert.equal(await send(await sign(signature, { ...delivery, secret: other })), 401, `${name} took another secret`);
  assert.equal(await send({ headers: {}, query: {}, body: delivery.body }), 401, `${name} took no signature`);
  if (signature.signed?.some((it) => it.value === 'body')) {
    assert.equal(await send({ ...signed, body: `${signed.body} ` }), 401, `${name} took another body`);
  }
}

async function post(url, contentType, { headers, query, body }) {
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  const answer = await fetch(target, { method: 'POST', headers: { 'content-type': contentType, ...headers }, body });
  await answer.text();
  return answer.status;
}

function environment(run) {
  const all = {};
  for (const [name, { secret = TEXT, body, form, query, senderOnly, ...settings }] of Object.entries(run)) {
    const prefix = name.toUpperCase().replaceAll('-', '_');
    if (secret) all[`${prefix}_WEBHOOK_SECRET`] = secret;
    for (const [key, value] of Object.entries(settings)) all[`${prefix}_${key}`] = value;
  }
  return all;
}

function adyen() {
  const item = {
    pspReference: '7914073381342284', merchantAccountCode: 'TestMerchant', merchantReference: 'TestPayment-14:07',
    amount: { value: 1130, currency: 'EUR' }, eventCode: 'AUTHORISATION', success: 'true',
  };
  return JSON.stringify({ live: 'false', notificationItems: [{ NotificationRequestItem: item }] });
}

test('a secret that makes no key is told in words', () => {
  const says = (key, secret) => complaint({ key }, secret);
  assert.equal(says('base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), undefined);
  assert.equal(says('base64', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), undefined);
  assert.match(says('base64', 'whsec_not base64!'), /base64/);
  assert.match(says('base64', 'whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), /whsec_/);
  assert.match(says('hex', 'xyz'), /hex/);
  assert.equal(says('text', 'anything'), undefined);
});

test('a pointer of the document can set no prototype', async () => {
  const signature = { sent: [{ in: 'body', pointer: '/__proto__/polluted', value: [{ text: 'yes' }] }] };
  await sign(signature, { secret: 'x', id: 'x', time: 0, method: 'POST', url: 'https://example.com', body: '{}' });
  assert.equal({}.polluted, undefined);
});
