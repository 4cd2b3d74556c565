// What several commands say about a reason of the cell's. See Remedies.

export const LOOK_AROUND = 'chubby ls shows what is in a directory';
export const CREATE_DIRECTORY = 'create its directory first: chubby mkdir -p';
export const LIST_OR_COPY = 'chubby ls lists a directory, chubby export copies one';
export const CAT_OR_STAT = 'chubby cat shows a file, chubby stat what the cell says of it';
