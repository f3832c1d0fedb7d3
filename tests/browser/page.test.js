// The documentation page in headless Chromium: what it shows, what it sends, and what it never does.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { SECRET, built, start } from './app.js';

const TEXT = 'a long random secret';
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--headless=new',
];

let browser;
let quickstart;
let hostile;
before(async () => {
  const programs = built();
  quickstart = await start(programs.quickstart, { WEBHOOK_SECRET: SECRET });
  hostile = await start(programs.hostile, {
    WEBHOOK_SECRET: SECRET, GITHUB_WEBHOOK_SECRET: TEXT, SHOP_WEBHOOK_SECRET: TEXT,
  });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
});
after(async () => {
  await browser?.close();
  await quickstart?.stop();
  await hostile?.stop();
});

/** Opens a page, and holds it to what every page of ours is held to. */
async function opened(t, url, { width = 1280, height = 1000 } = {}) {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const asked = [];
  const wrong = [];
  // Whatever leaves for another host is noted, and goes nowhere.
  await context.route('**/*', (route) => {
    asked.push(route.request().url());
    return route.request().url().startsWith(new URL(url).origin) ? route.continue() : route.abort();
  });
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('dialog', (dialog) => {
    wrong.push(`a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  t.after(async () => {
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    await context.close();
    assert.deepEqual(asked.filter((it) => !it.startsWith(new URL(url).origin) && !it.startsWith('data:')), []);
    // A refusal of the app is an error of the network to the console; none of the page's own is.
    assert.deepEqual(wrong.filter((it) => !/status of 401/.test(it)), []);
    assert.deepEqual(kept, [0, 0, '']);
  });
  await page.goto(url);
  await page.locator('.opblock').first().waitFor();
  page.asked = asked;
  return page;
}

/** Opens every operation. */
async function unfold(page) {
  const closed = page.locator('.opblock-summary-control[aria-expanded="false"]');
  for (let left = await closed.count(); left > 0; left = await closed.count()) await closed.first().click();
  await page.locator('.opblock-body').last().waitFor();
}

/** Executes an operation, and gives the status of the answer. */
async function tried(page, path) {
  const operation = page.locator('.opblock').filter({ has: page.locator(`[data-path="${path}"]`) });
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table .response-col_status');
  await answer.last().waitFor();
  return { operation, status: (await answer.last().innerText()).trim().split('\n')[0] };
}

test('every webhook is shown with its event name, its words and its schema', async (t) => {
  const page = await opened(t, `${quickstart.origin}/docs`);
  const webhooks = page.locator('.webhooks');
  for (const [event, words] of [['new-subscription', 'A new user subscribed.'], ['login-success', 'A user logged in.']]) {
    await webhooks.getByText(event, { exact: true }).waitFor();
    await webhooks.getByText(words).waitFor();
    await page.locator('.connect-events').getByText(event, { exact: true }).waitFor();
    await page.locator('.connect-url').getByText(`${quickstart.origin}/webhooks/${event}`, { exact: true }).waitFor();
  }
  assert.equal(await page.locator('.connect-secret').innerText(), 'Secret configured');
  await webhooks.locator('.opblock-summary-control').first().click();
  await webhooks.locator('.parameter__name').getByText('webhook-signature').first().waitFor();
  await webhooks.getByText('"login_timestamp"').first().waitFor();
});

test('with the secret typed in, what is tried out is taken', async (t) => {
  const page = await opened(t, `${quickstart.origin}/docs`);
  const field = page.getByLabel('Signing secret');
  await field.fill(SECRET);
  assert.equal(await field.getAttribute('autocomplete'), 'off');
  const { operation, status } = await tried(page, '/webhooks/new-subscription');
  assert.equal(status, '200');
  await operation.getByText('is subscribed from').first().waitFor();
  const html = await page.content();
  assert.ok(!html.includes(SECRET) && !page.asked.some((it) => it.includes(SECRET)), 'the secret is seen');
  await page.reload();
  assert.equal(await page.getByLabel('Signing secret').inputValue(), '');
});

test('without the secret it is refused', async (t) => {
  const page = await opened(t, `${quickstart.origin}/docs`);
  const { operation, status } = await tried(page, '/webhooks/new-subscription');
  assert.equal(status, '401');
  await operation.getByText('No signing secret is typed in').waitFor();
});

test('a secret that is none is told, and signs nothing', async (t) => {
  const page = await opened(t, `${quickstart.origin}/docs`);
  await page.getByLabel('Signing secret').fill('whsec_not base64!');
  await page.getByText('it is base64, most often after whsec_').waitFor();
  assert.equal((await tried(page, '/webhooks/login-success')).status, '401');
});

test('a sender of its own header and a sender of a token sign too, below a prefix', async (t) => {
  const page = await opened(t, `${hostile.origin}/api/docs`);
  for (const [name, path] of [['github', '/webhooks/github'], ['shop', '/webhooks/shop']]) {
    const panel = page.locator(`#connect-${name}`);
    await panel.getByText(`${hostile.origin}/api${path}`, { exact: true }).waitFor();
    await panel.getByLabel('Signing secret').fill(TEXT);
    if (name === 'github') await panel.getByLabel('Event to send').selectOption('push');
    const { operation, status } = await tried(page, path);
    assert.equal(status, '200', name);
    await operation.getByText(name === 'github' ? /pushed to/ : 'paid: "order.paid"').first().waitFor();
  }
});

test('hostile text is text', async (t) => {
  const page = await opened(t, `${hostile.origin}/api/docs`);
  await page.locator('.connect-events').getByText(`"><img src=x onerror=alert('type')>'`, { exact: true }).waitFor();
  await unfold(page);
  await page.getByText("onerror=alert('summary')").first().waitFor();
  for (const schema of await page.locator('.models .model-container button, .json-schema-2020-12-expand-deep-button').all()) {
    await schema.click({ timeout: 500 }).catch(() => {});
  }
  assert.equal(await page.locator('img[src="x"], svg[onload], b[onmouseover], #page script, a[href^="javascript"]').count(), 0);
});

test('it can be read on a phone', async (t) => {
  for (const origin of [`${quickstart.origin}/docs`, `${hostile.origin}/api/docs`]) {
    const page = await opened(t, origin, { width: 390, height: 844 });
    await unfold(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('.connect p, .connect code, .connect td')].filter((it) => parseFloat(getComputedStyle(it).fontSize) < 13).length,
    );
    assert.equal(small, 0, 'texts of less than 13 px');
  }
});

test('where browsers sign nowhere, the page says so and takes no secret', async (t) => {
  const page = await opened(t, `${quickstart.origin}/docs`);
  await page.addInitScript(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false }));
  await page.reload();
  await page.getByText('it is neither on https nor on localhost').waitFor();
  assert.equal(await page.getByLabel('Signing secret').isDisabled(), true);
});

test('no query of the page decides what it shows', async (t) => {
  const page = await opened(t, `${quickstart.origin}/docs?url=https://example.com/other.json&configUrl=/x.json`);
  await page.locator('.webhooks').getByText('new-subscription', { exact: true }).waitFor();
});

test('the picture of the README is of this page', async (t) => {
  const page = await opened(t, `${quickstart.origin}/docs`, { width: 1280, height: 900 });
  await page.getByLabel('Signing secret').fill(SECRET);
  await page.evaluate(() => document.activeElement.blur());
  // A port of the moment is no part of a picture that is kept.
  await page.locator('.connect-url').evaluateAll((all, origin) =>
    all.forEach((it) => (it.textContent = it.textContent.replace(origin, 'http://127.0.0.1:8000'))), quickstart.origin);
  const picture = { type: 'png', animations: 'disabled' };
  if (process.env.UPDATE_PICTURE) {
    mkdirSync(new URL('../../docs', import.meta.url), { recursive: true });
    picture.path = fileURLToPath(new URL('../../docs/docs-page.png', import.meta.url));
  }
  assert.ok((await page.screenshot(picture)).length < 300_000);
});
