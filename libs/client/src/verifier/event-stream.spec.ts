import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../test/support/unit/property-testing.js';
import { EventStreamParser, type StreamEvent } from './event-stream.js';

function parse(...chunks: (string | Uint8Array)[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = new EventStreamParser((event) => events.push(event));
  for (const chunk of chunks) {
    parser.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
  }
  return events;
}

describe('EventStreamParser', () => {
  it('returns the events of a stream', () => {
    const stream =
      ': comment\nevent: user\nid: 7\ndata: {"id":"1"}\n\ndata:a\r\ndata: b\r\n\r\nid: 8\n\nevent: x\n';

    expect(parse(stream)).toEqual([
      { type: 'user', data: '{"id":"1"}', id: '7' },
      { type: '', data: 'a\nb', id: undefined },
    ]);
  });

  it('returns the same events however the stream is cut', () => {
    const stream = new TextEncoder().encode(
      'event: user\r\nid: ü€😀\r\ndata: 1\r\n\r\ndata: 2\n\n'.repeat(3),
    );

    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), stream.length];
        const chunks = places.slice(1).map((end, index) => stream.slice(places[index], end));

        expect(parse(...chunks)).toEqual(parse(stream));
      }),
      runs(300),
    );
  });

  it.each([
    ['a line', ['data: ' + 'x'.repeat(20_000) + '\n']],
    ['a line without an end', ['x'.repeat(10_000), 'x'.repeat(10_000)]],
    ['an event', Array<string>(200).fill(`data: ${'x'.repeat(100)}\n`)],
  ])('throws when %s is too long', (_, chunks) => {
    expect(() => parse(...chunks)).toThrow(RangeError);
  });
});
