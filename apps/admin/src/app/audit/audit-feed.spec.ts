import { Injector, runInInjectionContext, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { AuditEventDto } from '@latchkey/auth-models';
import { Subject } from 'rxjs';
import type { ListQuery, ListState } from '../shared/list/list-state';
import { AuditApi, type AuditFilters, type AuditPage } from './audit-api';
import { type AuditFeed, auditFeed } from './audit-feed';

const entry = (id: string) => ({ id }) as AuditEventDto;
const shown = () => feed.rows().map(({ id }) => id);

/** A request with its response. */
interface Request<T> {
  readonly filters: AuditFilters;
  readonly of: string | null;
  readonly answer: Subject<T>;
}

let filters: ReturnType<typeof signal<Record<string, string | null>>>;
let pages: Request<AuditPage>[];
let polls: Request<readonly AuditEventDto[]>[];
let feed: AuditFeed;

beforeEach(() => {
  jest.useFakeTimers();
  filters = signal<Record<string, string | null>>({ action: null });
  pages = [];
  polls = [];
  TestBed.configureTestingModule({
    providers: [
      {
        provide: AuditApi,
        useValue: {
          page: (asked: AuditFilters, of: string | null) => ask(pages, asked, of),
          newerThan: (asked: AuditFilters, of: string) => ask(polls, asked, of),
        },
      },
    ],
  });
  const state = {
    query: () => ({ filters: filters() }) as unknown as ListQuery,
    isFiltered: () => filters()['action'] !== null,
  } as unknown as ListState;
  feed = runInInjectionContext(TestBed.inject(Injector), () => auditFeed(state));
  TestBed.tick();
});

afterEach(() => jest.useRealTimers());

function ask<T>(list: Request<T>[], asked: AuditFilters, of: string | null): Subject<T> {
  const answer = new Subject<T>();
  list.push({ filters: asked, of, answer });
  return answer;
}

function answer(ids: string[], next: string | null = null): void {
  const { answer: page } = pages.at(-1) ?? { answer: new Subject<AuditPage>() };
  page.next({ items: ids.map(entry), next });
  page.complete();
}

function filterBy(action: string): void {
  filters.set({ action });
  TestBed.tick();
}

describe('auditFeed', () => {
  it('prepends new entries and counts them', () => {
    answer(['2', '1']);
    jest.advanceTimersByTime(2_000);
    polls[0]?.answer.next([entry('4'), entry('3')]);

    expect([polls[0]?.of, shown(), feed.newEntries()]).toEqual(['2', ['4', '3', '2', '1'], 2]);
  });

  it('drops new entries of former filters', () => {
    answer(['1']);
    jest.advanceTimersByTime(2_000);
    filterBy('user_updated');
    answer(['0']);
    polls[0]?.answer.next([entry('2')]);

    expect(shown()).toEqual(['0']);
    expect(pages.at(-1)?.filters).toEqual({ action: 'user_updated' });
  });

  it('polls for new entries of an empty list', () => {
    answer([]);
    jest.advanceTimersByTime(2_000);
    answer(['1']);

    expect([shown(), feed.status(), feed.newEntries()]).toEqual([['1'], 'rows', 1]);
  });

  it('is disconnected while the server does not answer, and keeps polling', () => {
    answer(['1']);
    jest.advanceTimersByTime(2_000);
    polls[0]?.answer.error(new Error('gone'));
    const during = [feed.isDisconnected(), feed.status()];
    jest.advanceTimersByTime(2_000);
    polls[1]?.answer.next([]);

    expect([during, feed.isDisconnected()]).toEqual([[true, 'rows'], false]);
  });

  it('polls again after a poll without a response', () => {
    answer(['1']);
    jest.advanceTimersByTime(11_000);
    const during = [polls.length, feed.isDisconnected()];
    jest.advanceTimersByTime(3_000);
    polls[1]?.answer.next([entry('2')]);

    expect(during).toEqual([1, false]);
    expect([shown(), feed.isDisconnected()]).toEqual([['2', '1'], false]);
  });

  it('keeps the rows when older ones cannot be loaded, and loads them later', () => {
    answer(['2'], 'older');
    feed.loadMore();
    pages.at(-1)?.answer.error(new Error('gone'));
    const failed = [shown(), feed.status(), feed.olderProblem()?.isUnexpected];
    feed.loadMore();
    answer(['1']);

    expect(failed).toEqual([['2'], 'rows', true]);
    expect([shown(), feed.olderProblem(), feed.hasMore()]).toEqual([['2', '1'], null, false]);
  });

  it('does not poll while it is not live or the period has an end', () => {
    answer(['1']);
    feed.isLive.set(false);
    jest.advanceTimersByTime(4_000);
    feed.isLive.set(true);
    filters.set({ to: '2026-11-25T00:00:00Z' });
    TestBed.tick();
    answer(['0']);
    jest.advanceTimersByTime(4_000);

    expect([polls, feed.isOpenEnded()]).toEqual([[], false]);
  });
});
