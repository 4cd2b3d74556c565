import { explanationInWords } from '../admin/explanation.js';
import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { LOOK_AROUND } from '../remedies.js';

export const explain = command({
  name: 'explain',
  summary: 'Say who has the lock of a node, since when and from where, and who waits for it',
  example: 'explain /ls/local/leader',
  positionals: { path: NODE_PATH },
  options: {},
  epilogue: 'chubby sessions end ID takes the lock from a holder that nobody else can stop.',
  remedies: { NOT_FOUND: LOOK_AROUND },
  async run({ client, output }, { path }) {
    const explanation = await client.admin.explain(path);
    if (output.json) await output.value({ path, ...explanation });
    else await explanationInWords(output, explanation);
    return EXIT.ok;
  },
});
