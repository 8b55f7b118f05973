/** Dialog to choose between concurrent changes. */
export const merge = {
  heading: 'Someone else has made changes',
  text: 'You and someone else changed the same fields. Choose the values to keep. All other changes are kept.',
  mine: 'Yours',
  theirs: 'Theirs',
};
