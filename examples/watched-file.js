// A configuration with a meaning: what cannot be parsed is told, and the program lives on.
import { connect } from 'chubby';
import { WatchedFile } from 'chubby/recipes';

const client = connect();
await client.write('/ls/local/example-limits', JSON.stringify({ connections: 100 }));

const limits = new WatchedFile(client, '/ls/local/example-limits', (contents) => {
  const { connections } = JSON.parse(contents.toString());
  if (!Number.isInteger(connections)) throw new Error('connections is a whole number');
  return { connections };
});
for await (const { value, problem } of limits.follow()) {
  console.log(problem === undefined ? `connections: ${value.connections}` : `as before: ${problem}`);
  break; // it would go on telling of each change
}
await client.close();
