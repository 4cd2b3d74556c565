// A resource that a lock protects: a key-value server over HTTP that hears only the newest holder of the lock.
//
//   node examples/fencing/store.js LOCK [PORT]      with CHUBBY_CELL, or the cell of `npm start`
//
//   PUT /KEY with header chubby-sequencer           204; 412 for a holder whom another has followed
//   GET /KEY                                        200, 404
import { createServer } from 'node:http';
import { connect } from 'chubby';
import { createFence, fenceRequests } from 'chubby/fencing';

const [lock, port = '7400'] = process.argv.slice(2);

// The cell is asked once, for its name and keys; from then on the fence needs nobody.
const client = connect();
const { cell, cellId } = await client.status();
const fence = createFence({
  cellId,
  lock: lock.replace('/ls/local/', `/ls/${cell}/`),
  keys: await client.signingKeys(),
});
await client.close();

// What is written ends with this process, and so may what the fence remembers. A durable store keeps the newest pair in
// the same transaction as the write: see NewestSeen of chubby/fencing.
const values = new Map();
const fenced = fenceRequests(fence);

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    const value = values.get(request.url);
    response.writeHead(value === undefined ? 404 : 200).end(value);
    return;
  }
  // The whole body first: nothing may come between the fence and the write.
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  fenced(request, response, (error) => {
    if (error === undefined) values.set(request.url, Buffer.concat(chunks));
    response.writeHead(error === undefined ? 204 : 500).end();
  });
});

server.listen(Number(port), '127.0.0.1', () => console.log(`store: listening on port ${server.address().port}`));
