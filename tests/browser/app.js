// Starts the programs under test on a free port of the loopback, and ends them.

import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the programs of the workspace, as its tests are built, and gives their paths by name. */
export function built() {
  const output = execFileSync(
    'cargo',
    ['build', '--workspace', '--bins', '--examples', '--message-format=json-render-diagnostics'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const messages = output.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return Object.fromEntries(messages.filter((it) => it.executable).map((it) => [it.target.name, it.executable]));
}

/** Runs a program until `stop` is called. Its address is the first that it prints or logs. */
export async function start(program, variables) {
  const env = { PATH: process.env.PATH, RUST_LOG: 'info', WEBHOOK_ADDR: '127.0.0.1:0', ...variables };
  const child = spawn(program, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const origin = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      said += chunk;
      const address = said.match(/(?:http:\/\/|address=)(127\.0\.0\.1:\d+)/);
      if (address) resolve(`http://${address[1]}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}:\n${said}`)));
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.on('exit', resolve);
    child.kill('SIGTERM');
  });
  return { origin, stop };
}

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
