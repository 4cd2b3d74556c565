// Two shells contend for a lock, and the first is paused for longer than its lease lasts.
//
//   node examples/fencing/demo.js      with CHUBBY_CELL, or the cell of `npm start`; takes about 25 seconds
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const LOCK = '/ls/local/store';
const path = (file) => new URL(file, import.meta.url).pathname;
const started = [];
const paused = new Set();

/** Starts a program, shows its lines, and lets others wait for one. */
function start(name, command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const lines = [];
  const waiting = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      console.log(`${name}: ${line}`);
      lines.push(line);
      for (const look of waiting) look();
    });
  }
  const line = (pattern) =>
    new Promise((resolve) => {
      const look = () => {
        const found = lines.map((each) => pattern.exec(each)).find((each) => each !== null);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { child, line, ended: once(child, 'exit') };
}

/** None stays paused, or behind. */
function stopAll() {
  for (const pid of paused) process.kill(pid, 'SIGCONT');
  for (const child of started) {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
  }
}

process.once('SIGTERM', () => {
  stopAll();
  process.exit(143);
});

const say = (text) => console.log(`\n--- ${text}`);

try {
  const store = start('store ', 'node', [path('store.js'), LOCK, '0']);
  const [, port] = await store.line(/port (\d+)/);
  const shell = (name) =>
    start(name, path('../../bin/chubby'), ['lock', '--lock-delay', '3', LOCK, '--', 'node', path('writer.js'), port]);

  say('The first shell gets the lock and writes to the store.');
  const first = shell('first ');
  const [, writer] = await first.line(/writer (\d+) wrote 3/);

  say('The second wants the lock, too, and waits.');
  const second = shell('second');
  await second.line(/waiting for the lock/);

  say('SIGSTOP: the first shell and its command are paused, and know nothing of it.');
  first.child.kill('SIGSTOP');
  process.kill(Number(writer), 'SIGSTOP');
  paused.add(Number(writer));
  await second.line(/writer \d+ wrote 3/);

  say(
    'The lease ran out, the lock-delay passed, the second has the lock. SIGCONT: the first goes on as if nothing were.',
  );
  // Its command first, as a scheduler may choose: chubby would end it before it could do any harm.
  process.kill(Number(writer), 'SIGCONT');
  paused.delete(Number(writer));
  await first.line(/was refused \d+: OUTDATED/);
  first.child.kill('SIGCONT');
  const [exitCode] = await first.ended;
  say(`The first was told, its command was stopped, its late writes were refused; chubby ended with ${exitCode}.`);

  second.child.kill('SIGTERM');
  await second.ended;
} finally {
  stopAll();
}
