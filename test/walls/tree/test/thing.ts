export const thing = 1;
console.log('speaks to people');
