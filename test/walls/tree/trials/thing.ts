console.log('speaks to people');
export const thing = 1;
