import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuditEvent } from './audit-event.entity.js';
import { ChainCheck, type ChainEnd } from './chain-check.js';
import { type ChainHead } from './chain-head.js';
import { sealedText } from './sealed-text.js';
import { SealingKey } from './sealing-key.js';
import { checkpointOf } from './trim-checkpoint.js';

const FIRST = SealingKey.create();
const SECOND = SealingKey.create();

let trail: AuditEvent[];
let keys: SealingKey[];

/** Appends an entry as the server does. */
function append(change: Partial<AuditEvent> = {}, key = FIRST): AuditEvent {
  const last = trail.at(-1);
  const event = Object.assign(new AuditEvent(), {
    id: `id-${(last?.sequence ?? 0) + 1}`,
    sequence: (last?.sequence ?? 0) + 1,
    time: 1,
    actorId: null,
    actorName: null,
    subjectKind: 'user',
    subjectId: null,
    subjectName: 'anne',
    action: 'user_created',
    outcome: 'success',
    address: null,
    traceId: null,
    before: null,
    after: null,
    keyId: key.id,
    previousMac: last?.mac ?? '',
    ...change,
  });
  event.mac = key.seal(sealedText(event));
  trail.push(event);
  return event;
}

const handOver = (to: SealingKey, sealedWith = FIRST, handsOverTo = to) =>
  append({ action: 'audit_key_rotated', after: JSON.stringify({ keyId: handsOverTo.id }) }, sealedWith);

const at = (sequence: number) => trail.find((event) => event.sequence === sequence) as AuditEvent;

/** The row that names the end of the chain, as the server keeps it. */
function endOf(events: readonly AuditEvent[], keyId = events.at(-1)?.keyId ?? ''): ChainEnd {
  const last = events.at(-1);
  return { sequence: last?.sequence ?? 0, mac: last?.mac ?? '', keyId };
}

interface Check {
  end?: ChainEnd;
  endNow?: ChainEnd;
  exportedHead?: ChainHead;
  ownKey?: SealingKey;
}

/** What is found, as `code sequence`. */
function found({ end = intact, endNow = end, exportedHead, ownKey = FIRST }: Check = {}): string[] {
  const findKey = (id: string) => keys.find((key) => key.id === id);
  const check = new ChainCheck({ end, exportedHead, findKey });
  const newest = trail.findLast(({ action }) => action === 'audit_trail_trimmed');
  check.checkpoint = newest && checkpointOf(newest);
  const sorted = [...trail].sort((a, b) => a.sequence - b.sequence);
  const problems = [...sorted.flatMap((event) => [...check.next(event)]), ...check.end(endNow, ownKey.id)];
  return problems.map(({ code, sequence }) => `${code} ${sequence}`);
}

/** The end of the chain before anybody tampered with it. */
let intact: ChainEnd;

beforeEach(() => {
  trail = [];
  keys = [FIRST];
  for (let count = 0; count < 9; count += 1) {
    append();
  }
  intact = endOf(trail);
});

describe('a trail that nobody touched', () => {
  it('is whole', () => {
    expect(found()).toEqual([]);
  });

  it('is whole while entries are added', () => {
    append();

    expect(found({ end: intact, endNow: endOf(trail) })).toEqual([]);
  });

  it('is whole when it is empty', () => {
    trail = [];

    expect(found({ end: endOf(trail) })).toEqual([]);
  });
});

describe('tampering', () => {
  it('is found where an entry was changed', () => {
    at(4).subjectName = 'mallory';

    expect(found()).toEqual(['changed 4']);
  });

  it('is found where an entry was changed and sealed with a key of one’s own', () => {
    Object.assign(at(4), { subjectName: 'mallory', mac: SECOND.seal(sealedText(at(4))) });

    expect(found()).toEqual(['changed 4', 'out_of_place 5']);
  });

  it('is found where an entry was sealed with a key of one’s own, and names it', () => {
    at(4).keyId = SECOND.id;
    at(4).mac = SECOND.seal(sealedText(at(4)));

    expect(found()[0]).toBe('key_unknown 4');
  });

  it('is found where an entry was deleted', () => {
    trail.splice(3, 1);

    expect(found()).toEqual(['missing 4']);
  });

  it('is found where several were deleted', () => {
    trail.splice(3, 3);

    expect(found()).toEqual(['missing 4']);
  });

  it('is found where an entry was deleted and the others numbered anew', () => {
    trail.splice(3, 1);
    trail.forEach((event, index) => (event.sequence = index + 1));

    expect(found({ end: { ...intact, sequence: 8 } })[0]).toBe('out_of_place 4');
  });

  it('is found at the beginning of the trail', () => {
    trail.splice(0, 2);

    expect(found()).toEqual(['missing 1']);
  });

  it('is found where two entries were swapped', () => {
    const [fourth, fifth] = [at(4), at(5)];
    [fourth.sequence, fifth.sequence] = [5, 4];

    expect(found()).toEqual(
      expect.arrayContaining([
        'out_of_place 4',
        'changed 4',
        'out_of_place 5',
        'changed 5',
        'out_of_place 6',
      ]),
    );
  });

  it('is found where what two entries say was swapped', () => {
    [at(4).after, at(5).after] = ['{"a":1}', '{"b":1}'];

    expect(found()).toEqual(['changed 4', 'changed 5']);
  });

  it('is found where an entry was put in', () => {
    trail.slice(4).forEach((event) => (event.sequence += 1));
    trail.push({ ...at(4), id: 'new', sequence: 5, subjectName: 'mallory' });

    expect(found({ end: { ...intact, sequence: 10 } })[0]).toBe('out_of_place 5');
  });

  it('is found where an entry has a number that is taken', () => {
    trail.push({ ...at(4), id: 'new' });

    expect(found()).toContain('out_of_place 4');
  });

  it('is found where an entry was put at the end', () => {
    trail.push({ ...at(9), id: 'new', sequence: 10, previousMac: at(9).mac });

    expect(found()).toEqual(['changed 10', 'head_changed 10']);
  });

  it('is found at each place', () => {
    at(2).address = '192.0.2.1';
    at(5).outcome = 'failure';
    trail.splice(6, 1);

    expect(found()).toEqual(['changed 2', 'changed 5', 'missing 7']);
  });
});

describe('the end of the trail', () => {
  it('shows a cut tail by the row that names it', () => {
    trail.splice(7);

    expect(found()).toEqual(['tail_cut 8']);
  });

  it('shows a whole trail that is gone', () => {
    trail = [];

    expect(found()).toEqual(['tail_cut 1']);
  });

  it('shows a cut tail by an exported head, though the row was changed too', () => {
    const exportedHead = { sequence: 9, mac: at(9).mac };
    trail.splice(7);

    expect(found({ end: endOf(trail), exportedHead })).toEqual(['tail_cut 8']);
  });

  it('shows entries that were made anew with the right key, by an exported head', () => {
    const exportedHead = { sequence: 9, mac: at(9).mac };
    trail.splice(7);
    append({ subjectName: 'mallory' });
    append();

    expect(found({ end: endOf(trail), exportedHead })).toEqual(['head_differs 9']);
  });

  it('is whole by a head that was exported long ago', () => {
    expect(found({ exportedHead: { sequence: 3, mac: at(3).mac } })).toEqual([]);
  });

  it.each<[string, Partial<ChainEnd>]>([
    ['seal', { mac: 'x'.repeat(43) }],
    ['number', { sequence: 7 }],
    ['key', { keyId: SECOND.id }],
  ])('shows a row with another %s', (_, change) => {
    expect(found({ end: { ...intact, ...change } })).toEqual(['head_changed 9']);
  });
});

describe('a row that names the end', () => {
  it('is held against the entry that was the last when the check began, also when others were added since', () => {
    append();

    expect(found({ end: { ...intact, mac: 'x'.repeat(43) }, endNow: endOf(trail) })).toEqual([
      'head_changed 10',
    ]);
  });
});

describe('a key that was replaced', () => {
  beforeEach(() => {
    keys = [FIRST, SECOND];
  });

  it('is whole with both keys', () => {
    handOver(SECOND);
    append({}, SECOND);

    expect(found({ end: endOf(trail), ownKey: SECOND })).toEqual([]);
  });

  it('is whole when the hand-over is the last entry', () => {
    handOver(SECOND);

    expect(found({ end: endOf(trail, SECOND.id), ownKey: SECOND })).toEqual([]);
  });

  it('is named when it is not here, once', () => {
    keys = [SECOND];
    handOver(SECOND);
    append({}, SECOND);

    expect(found({ end: endOf(trail), ownKey: SECOND })).toEqual(['key_unknown 1']);
  });

  it('shows entries by the old key after the hand-over', () => {
    handOver(SECOND);
    append({}, FIRST);

    expect(found({ end: endOf(trail) })).toEqual(['key_not_handed_over 11']);
  });

  it('shows a new key that nothing hands over to', () => {
    append({}, SECOND);
    append({}, SECOND);

    expect(found({ end: endOf(trail), ownKey: SECOND })).toEqual(['key_not_handed_over 10']);
  });

  it('shows a hand-over that the new key alone vouches for, as when the old one is lost', () => {
    handOver(SECOND, SECOND);
    append({}, SECOND);

    expect(found({ end: endOf(trail), ownKey: SECOND })).toEqual(['key_not_handed_over 10']);
  });

  it('shows a trail that goes on with another key than the server was given', () => {
    expect(found({ ownKey: SECOND })).toEqual(['key_not_configured 9']);
  });
});

describe('a trail whose beginning was dropped for its age', () => {
  /** Says that entries up to a number are dropped, and drops them from the first on. */
  function trim(upTo: number, dropped = upTo): void {
    const { sequence, mac, keyId } = at(upTo);
    append({ action: 'audit_trail_trimmed', after: JSON.stringify({ sequence, mac, keyId }) });
    intact = endOf(trail);
    trail = trail.filter((event) => event.sequence > dropped);
  }

  it('is whole', () => {
    trim(4);

    expect(found()).toEqual([]);
  });

  it('is whole before all is dropped', () => {
    trim(4, 2);

    expect(found()).toEqual([]);
  });

  it('is whole when it was trimmed again', () => {
    trim(4);
    trim(7);

    expect(found()).toEqual([]);
  });

  it('shows more missing than was dropped', () => {
    trim(4, 5);

    expect(found()).toEqual(['missing 1']);
  });

  it('shows what else was changed', () => {
    trim(4);
    at(5).actorName = 'mallory';

    expect(found()).toEqual(['changed 5']);
  });

  it('shows a beginning that was made for it', () => {
    trim(4);
    at(5).previousMac = 'x';
    at(5).mac = FIRST.seal(sealedText(at(5)));

    expect(found()).toEqual(['out_of_place 5', 'out_of_place 6']);
  });

  it('goes on with the key that was handed over to in what was dropped', () => {
    keys = [FIRST, SECOND];
    handOver(SECOND);
    append({}, SECOND);
    const { sequence, mac } = at(10);
    append(
      { action: 'audit_trail_trimmed', after: JSON.stringify({ sequence, mac, keyId: SECOND.id }) },
      SECOND,
    );
    trail = trail.slice(10);

    expect(found({ end: endOf(trail), ownKey: SECOND })).toEqual([]);
  });

  it('shows a new key that nothing hands over to, right after what was dropped', () => {
    keys = [FIRST, SECOND];
    const { sequence, mac } = at(9);
    append({}, SECOND);
    append(
      { action: 'audit_trail_trimmed', after: JSON.stringify({ sequence, mac, keyId: FIRST.id }) },
      SECOND,
    );
    trail = trail.slice(9);

    expect(found({ end: endOf(trail), ownKey: SECOND })).toEqual(['key_not_handed_over 10']);
  });
});
