import { Injector, runInInjectionContext, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { HttpErrorResponse } from '@angular/common/http';
import { jest } from '@jest/globals';
import type { PageDto } from '@latchkey/auth-models';
import { Subject } from 'rxjs';
import type { ListQuery, ListState } from './list-state';
import { type PagedList, pagedList } from './paged-list';

const QUERY: ListQuery = { page: 1, size: 25, sort: 'name', q: null, filters: {} };
const page = (items: string[], total = items.length): PageDto<string> => ({
  items,
  page: 1,
  size: 25,
  total,
});

let query: ReturnType<typeof signal<ListQuery>>;
let isFiltered: ReturnType<typeof signal<boolean>>;
let answers: Subject<PageDto<string>>;
let list: PagedList<string>;
const replace = jest.fn();

beforeEach(async () => {
  replace.mockClear();
  query = signal(QUERY);
  isFiltered = signal(false);
  const state = { query, isFiltered, replace } as unknown as ListState;
  list = runInInjectionContext(TestBed.inject(Injector), () =>
    pagedList(state, () => (answers = new Subject<PageDto<string>>())),
  );
  await settle();
});

async function settle(): Promise<void> {
  TestBed.tick();
  await new Promise((resolve) => setTimeout(resolve));
  TestBed.tick();
}

async function answer(value: PageDto<string>): Promise<void> {
  answers.next(value);
  answers.complete();
  await settle();
}

describe('pagedList', () => {
  it('shows rows after loading', async () => {
    const before = list.status();

    await answer(page(['anna']));

    expect([before, list.status(), list.rows()]).toEqual(['loading', 'rows', ['anna']]);
  });

  it('keeps the old rows while the next page loads', async () => {
    await answer(page(['anna'], 30));

    query.set({ ...QUERY, page: 2 });
    await settle();

    expect([list.isLoading(), list.rows()]).toEqual([true, ['anna']]);
  });

  it('distinguishes an empty list from one without matches', async () => {
    await answer(page([]));
    const whenWide = list.status();

    isFiltered.set(true);

    expect([whenWide, list.status()]).toEqual(['empty', 'no-match']);
  });

  it('shows the problem, and rows again after a reload', async () => {
    answers.error(new HttpErrorResponse({ status: 0 }));
    await settle();
    const whenFailed = list.status();

    list.reload();
    await settle();
    await answer(page(['anna']));

    expect([whenFailed, list.status()]).toEqual(['problem', 'rows']);
  });

  it('keeps the rows and the problem when loading again fails', async () => {
    await answer(page(['anna']));
    list.reload();
    await settle();
    answers.error(new HttpErrorResponse({ status: 500 }));
    await settle();

    expect([list.status(), list.rows(), list.problem()?.status]).toEqual(['rows', ['anna'], 500]);
  });

  it('does not show rows of a former query', async () => {
    await answer(page(['anna']));
    query.set({ ...QUERY, sort: '-name' });
    await settle();
    answers.error(new HttpErrorResponse({ status: 500 }));
    await settle();

    expect(list.status()).toBe('problem');
  });

  it('goes back to the last existing page', async () => {
    query.set({ ...QUERY, page: 9 });
    await settle();

    await answer(page([], 30));

    expect(replace).toHaveBeenCalledWith({ page: 2 });
  });
});
