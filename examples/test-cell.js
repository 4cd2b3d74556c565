// What a program sees when it loses its cell, tested within milliseconds: a cell in this process, on virtual time.
import { TestCell } from 'chubby/testing';

const cell = await TestCell.start();
const client = cell.client();
for (const event of ['jeopardy', 'safe', 'failedOver']) client.on(event, () => console.log(`told: ${event}`));

await client.write('/ls/local/example', 'contents');
await cell.failOver();
await cell.advance(1_000);
await cell.cut(client);
await cell.advance(12_000);
console.log(`cut off for 12 s: ${client.sessionState}`);
await cell.heal(client);
console.log(`and back: ${(await cell.until(client.read('/ls/local/example'))).contents}`);
await cell.stop();
