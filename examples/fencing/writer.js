// Who works under the lock: writes a number every 200 ms, and shows the sequencer that `chubby lock` gave it.
//
//   bin/chubby lock --lock-delay 3 /ls/local/store -- node examples/fencing/writer.js [PORT]
const port = process.argv[2] ?? '7400';
const sequencer = process.env.CHUBBY_SEQUENCER ?? '';

const say = (text) => console.log(`writer ${process.pid} ${text}`);

async function write(value) {
  const url = `http://127.0.0.1:${port}/counter`;
  const headers = { 'chubby-sequencer': sequencer };
  const response = await fetch(url, { method: 'PUT', headers, body: `${process.pid}: ${value}` });
  if (response.ok) return say(`wrote ${value}`);
  const { reason, message } = await response.json();
  say(`was refused ${value}: ${reason}, ${message}`);
}

for (let value = 1; ; value++) {
  // A connection that lay idle for long is gone: the next one will do.
  await write(value).catch((error) => say(`could not write ${value}: ${error.message}`));
  await new Promise((resolve) => setTimeout(resolve, 200));
}
