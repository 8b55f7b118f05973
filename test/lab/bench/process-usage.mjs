import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']));

/** Returns the processor time of a process and its children in seconds, in user and system mode. Linux only. */
export function processorSeconds({ pid }) {
  const each = processIds({ pid }).map(secondsOf);
  return { own: sum(each.map(({ own }) => own)), system: sum(each.map(({ system }) => system)) };
}

function secondsOf(pid) {
  // The process name is in parentheses and may contain spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return { own: Number(fields[11]) / TICKS_PER_SECOND, system: Number(fields[12]) / TICKS_PER_SECOND };
}

/** Returns the resident memory of a process and its children in MiB. */
export function residentMebibytes({ pid }) {
  return Math.round(sum(processIds({ pid }).map(residentKibibytes)) / 1024);
}

function residentKibibytes(pid) {
  const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kibibytes);
}

/** Returns the ids of a process and its children. */
export function processIds({ pid }) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
  return [pid, ...children];
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
