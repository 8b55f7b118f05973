// Loaded with --import into a server. The parent process sets its clock, so that a simulation of weeks takes
// seconds.
const actual = Date.now.bind(Date);
let shift = Number(process.env.CLOCK_SHIFT ?? 0);

// The actual clock has whole milliseconds too.
Date.now = () => Math.floor(actual() + shift);
process.on('message', (milliseconds) => {
  shift = milliseconds;
  process.send(milliseconds);
});
process.channel?.unref();
