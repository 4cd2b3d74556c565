/** `ifGeneration` as it is written on a command line, without dashes: `if-generation`. */
export const optionWord = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
