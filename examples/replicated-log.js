// A store of keys and values that is not Chubby: three processes keep it the same by the log of chubby/log. The one that
// is master is killed; the two others go on, and it comes back.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startReplica } from 'chubby/log';

/** What the log keeps the same: deterministic, synchronous, and able to write itself down and read itself again. */
class Store {
  #values = new Map();

  apply(command) {
    const { key, value } = JSON.parse(Buffer.from(command).toString());
    const before = this.#values.get(key);
    this.#values.set(key, value);
    return { before };
  }

  snapshot() {
    return Buffer.from(JSON.stringify([...this.#values]));
  }

  restore(state) {
    this.#values = new Map(JSON.parse(Buffer.from(state).toString()));
  }

  get(key) {
    return this.#values.get(key);
  }
}

/** What a replica answers; nothing when it cannot tell yet. */
const answers = {
  set: (replica, change) => replica.propose(Buffer.from(JSON.stringify(change))),
  get: (replica, { key }) => replica.read((store) => ({ value: store.get(key) })),
  master: ({ master }) => master && { master },
};

/** A process of one replica: answers what its parent asks, and ends when the parent lets go of it. */
function runReplica(replicaId, addresses, dataDir) {
  const starting = startReplica({
    replicaId,
    replicas: new Map(addresses.map((address, at) => [at + 1, address])),
    dataDir,
    application: () => new Store(),
    onFatal: (error) => {
      throw error;
    },
  });
  process.on('disconnect', async () => (await starting).stop());
  process.on('message', async ({ id, ask, ...request }) => {
    const replica = await starting;
    try {
      const answer = await answers[ask](replica, request);
      process.send({ id, answer });
    } catch ({ reason, message }) {
      process.send({ id, refused: { reason, message } });
    }
  });
}

/** Asks one process after the other until the master has answered. A `set` may be repeated: it does the same again. */
async function ask(processes, request) {
  for (let at = 0; ; at++) {
    const child = processes[at % processes.length];
    const answer = child.connected ? await askOne(child, request) : undefined;
    if (answer?.answer) return { by: child, ...answer.answer };
    if (at % processes.length === processes.length - 1) await pause(50);
  }
}

let asked = 0;
async function askOne(child, request) {
  const id = ++asked;
  const answered = new Promise((resolve) => {
    const take = (message) => message.id === id && done(message);
    const gone = () => done(undefined);
    const done = (message) => {
      child.off('message', take).off('exit', gone);
      resolve(message);
    };
    child.on('message', take).on('exit', gone);
  });
  child.send({ id, ...request }, () => undefined);
  return answered;
}

async function freeAddresses(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const addresses = servers.map((server) => `127.0.0.1:${server.address().port}`);
  for (const server of servers) server.close();
  return addresses;
}

async function main() {
  const directory = await mkdtemp(join(tmpdir(), 'replicated-log-'));
  const addresses = await freeAddresses(3);
  const start = (id) =>
    fork(import.meta.filename, [String(id), addresses.join(','), join(directory, String(id))], {
      serialization: 'json',
    });
  const processes = [1, 2, 3].map(start);

  const { by: master } = await ask(processes, { ask: 'set', key: 'colour', value: 'blue' });
  master.kill('SIGKILL');
  await once(master, 'exit');
  const { value } = await ask(processes, { ask: 'get', key: 'colour' });
  const { before } = await ask(processes, { ask: 'set', key: 'colour', value: 'green' });
  console.log(`the master is dead: colour is ${value}, was ${before}`);

  const at = processes.indexOf(master);
  processes[at] = start(at + 1);
  await ask([processes[at]], { ask: 'master' });
  const { value: after } = await ask(processes, { ask: 'get', key: 'colour' });
  console.log(`and back: colour is ${after}`);

  for (const child of processes) child.disconnect();
  await Promise.all(processes.map((child) => once(child, 'exit')));
  await rm(directory, { recursive: true });
}

const [id, addresses, dataDir] = process.argv.slice(2);
if (id === undefined) await main();
else runReplica(Number(id), addresses.split(','), dataDir);
