import { beforeEach, describe, expect, it } from '@jest/globals';
import { SealedTrail } from '../../../../../test/support/unit/sealed-trail.js';
import { ChainCheck } from './chain-check.js';
import { sealedText } from '../trail/sealed-text.js';

let trail: SealedTrail;

beforeEach(() => {
  trail = new SealedTrail();
  for (let count = 0; count < 9; count += 1) {
    trail.append();
  }
  trail.keep();
});

describe('a key that was replaced', () => {
  beforeEach(() => {
    trail.keys = [trail.first, trail.second];
  });

  it('is whole with both keys', () => {
    trail.handOver();
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual([]);
  });

  it('is whole when the hand-over is the last entry', () => {
    trail.handOver();

    expect(trail.found({ end: trail.end(trail.second.id) })).toEqual([]);
  });

  it('is named when it is not here, once', () => {
    trail.keys = [trail.second];
    trail.handOver();
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual(['key_unknown 1']);
  });

  it('shows entries by the old key after the hand-over', () => {
    trail.handOver();
    trail.append({}, trail.first);

    expect(trail.found({ end: trail.end() })).toEqual(['key_not_handed_over 11']);
  });

  it('shows a new key that nothing hands over to', () => {
    trail.append({}, trail.second);
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual(['key_not_handed_over 10']);
  });

  it('shows a hand-over that the new key alone vouches for, as when the old one is lost', () => {
    trail.handOver(trail.second);
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual(['key_not_handed_over 10']);
  });

  it('shows a new key that only a changed entry hands over to', () => {
    const after = JSON.stringify({ keyId: trail.second.id });
    Object.assign(trail.append(), { action: 'audit_key_rotated', after });
    trail.append({}, trail.second);

    expect(trail.found({ end: trail.end() })).toEqual(['changed 10', 'key_not_handed_over 11']);
  });

  it('is what the trail goes on with until it has handed over', () => {
    const check = new ChainCheck({ end: trail.end(), exportedHead: undefined, findKey: () => trail.first });
    trail.handOver();

    const keyIds = trail.entries.map((event) => {
      expect([...check.next(event)]).toEqual([]);
      return check.keyId;
    });

    expect(keyIds).toEqual([...Array<string>(9).fill(trail.first.id), trail.second.id]);
  });
});

describe('a trail whose beginning was dropped for its age', () => {
  it('is whole', () => {
    trail.trim(4);

    expect(trail.found()).toEqual([]);
  });

  it('is whole before all is dropped', () => {
    trail.trim(4, { dropped: 2 });

    expect(trail.found()).toEqual([]);
  });

  it('is whole when it was trimmed again', () => {
    trail.trim(4);
    trail.trim(7);

    expect(trail.found()).toEqual([]);
  });

  it('shows more missing than was dropped', () => {
    trail.trim(4, { dropped: 5 });

    expect(trail.found()).toEqual(['missing 1']);
  });

  it('shows what else was changed', () => {
    trail.trim(4);
    trail.at(5).actorName = 'mallory';

    expect(trail.found()).toEqual(['changed 5']);
  });

  it('shows a beginning that was made for it', () => {
    trail.trim(4);
    trail.at(5).previousMac = 'x';
    trail.at(5).mac = trail.first.seal(sealedText(trail.at(5)));

    expect(trail.found()).toEqual(['out_of_place 5', 'out_of_place 6']);
  });

  it('goes on with the key that was handed over to in what was dropped', () => {
    trail.keys = [trail.first, trail.second];
    trail.handOver();
    trail.append({}, trail.second);
    trail.trim(10, { key: trail.second, keyId: trail.second.id });

    expect(trail.found({ end: trail.end() })).toEqual([]);
  });

  it('shows a new key that nothing hands over to, right after what was dropped', () => {
    trail.keys = [trail.first, trail.second];
    trail.append({}, trail.second);
    trail.trim(9, { key: trail.second });

    expect(trail.found({ end: trail.end() })).toEqual(['key_not_handed_over 10']);
  });
});
