// Loaded with --import: a server whose clock its parent process sets, so that weeks go by in seconds.
const actual = Date.now.bind(Date);
let shift = Number(process.env.CLOCK_SHIFT ?? 0);

Date.now = () => actual() + shift;
process.on('message', (milliseconds) => {
  shift = milliseconds;
  process.send(milliseconds);
});
process.channel?.unref();
