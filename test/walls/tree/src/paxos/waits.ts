export async function waits(answer: Promise<number>) { // wall: no-restricted-syntax
  return (await answer) + 1; // wall: no-restricted-syntax
}
