import { beforeEach, describe, expect, it } from '@jest/globals';
import { SealedTrail } from '../../../../../test/support/unit/sealed-trail.js';
import { ChainCheck } from './chain-check.js';
import { sealedText } from '../trail/audit-entry.js';

let trail: SealedTrail;

beforeEach(() => {
  trail = new SealedTrail();
  for (let count = 0; count < 9; count += 1) {
    trail.append();
  }
  trail.keep();
});

describe('ChainCheck of a trail with a rotated key', () => {
  beforeEach(() => {
    trail.keys = [trail.first, trail.second];
  });

  it('finds no problem with both keys', () => {
    trail.handOver();
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual([]);
  });

  it('finds no problem when the hand-over is the last entry', () => {
    trail.handOver();

    expect(trail.found({ end: trail.end(trail.second.id) })).toEqual([]);
  });

  it('reports a missing key once', () => {
    trail.keys = [trail.second];
    trail.handOver();
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual(['key_unknown 1']);
  });

  it('detects entries sealed with the old key after the hand-over', () => {
    trail.handOver();
    trail.append({}, trail.first);

    expect(trail.found({ end: trail.end() })).toEqual(['key_not_handed_over 11']);
  });

  it('detects a new key without a hand-over', () => {
    trail.append({}, trail.second);
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual(['key_not_handed_over 10']);
  });

  it('detects a hand-over sealed with the new key, as when the old one is lost', () => {
    trail.handOver(trail.second);
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual(['key_not_handed_over 10']);
  });

  it('detects a new key with a tampered hand-over', () => {
    const after = JSON.stringify({ keyId: trail.second.id });
    Object.assign(trail.append(), { action: 'audit_key_rotated', after });
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual(['changed 10', 'key_not_handed_over 11']);
  });

  it('expects the old key until the hand-over', () => {
    const check = new ChainCheck({ end: trail.end(), exportedHead: undefined, findKey: () => trail.first });
    trail.handOver();

    const keyIds = trail.entries.map((event) => {
      expect([...check.next(event)]).toEqual([]);
      return check.keyId;
    });

    expect(keyIds).toEqual([...Array<string>(9).fill(trail.first.id), trail.second.id]);
    expect(check.head).toEqual({ sequence: 10, mac: trail.at(10).mac });
  });
});

describe('ChainCheck of a trimmed trail', () => {
  it('finds no problem', () => {
    trail.trim(4);

    expect(trail.found()).toEqual([]);
  });

  it('finds no problem when the trim was interrupted', () => {
    trail.trim(4, { dropped: 2 });

    expect(trail.found()).toEqual([]);
  });

  it('finds no problem after a second trim', () => {
    trail.trim(4);
    trail.trim(7);

    expect(trail.found()).toEqual([]);
  });

  it('detects deleted entries beyond the trim', () => {
    trail.trim(4, { dropped: 5 });

    expect(trail.found()).toEqual(['missing 1']);
  });

  it('detects other changes', () => {
    trail.trim(4);
    trail.at(5).actorName = 'mallory';

    expect(trail.found()).toEqual(['changed 5']);
  });

  it('detects a forged first entry', () => {
    trail.trim(4);
    trail.at(5).previousMac = 'x';
    trail.at(5).mac = trail.first.seal(sealedText(trail.at(5)));

    expect(trail.found()).toEqual(['out_of_place 5', 'out_of_place 6']);
  });

  it('expects the new key when the hand-over itself was deleted by the trim', () => {
    trail.keys = [trail.first, trail.second];
    trail.handOver();
    trail.append({}, trail.second);
    trail.trim(10, { key: trail.second, keyId: trail.second.id });

    expect(trail.found({ end: trail.end() })).toEqual([]);
  });

  it('detects a new key without a hand-over right after the trim', () => {
    trail.keys = [trail.first, trail.second];
    trail.append({}, trail.second);
    trail.trim(9, { key: trail.second });

    expect(trail.found({ end: trail.end() })).toEqual(['key_not_handed_over 10']);
  });
});
