import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { listState } from './list-state';

@Component({ template: '' })
class List {
  readonly state = listState({
    sortFields: ['name', 'creationTime'],
    defaultSort: 'name',
    filters: { enabled: ['true', 'false'] },
  });
}

@Component({ template: '' })
class ListWithTabs {
  readonly state = listState({
    sortFields: ['name'],
    defaultSort: 'name',
    filters: { enabled: ['true', 'false'], kind: ['human', 'service'] },
    tabs: { filter: 'kind', first: 'service' },
  });
}

async function open(url: string): Promise<List> {
  TestBed.configureTestingModule({ providers: [provideRouter([{ path: 'list', component: List }])] });
  const harness = await RouterTestingHarness.create();
  return harness.navigateByUrl(url, List);
}

/** Waits for the navigation that a change of state has begun. */
async function settled(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve));
  return TestBed.inject(Router).url;
}

beforeEach(() => localStorage.clear());

describe('listState', () => {
  it('uses defaults for an empty URL', async () => {
    const { state } = await open('/list');

    expect(state.query()).toEqual({ page: 1, size: 25, sort: 'name', q: null, filters: { enabled: null } });
    expect(state.isFiltered()).toBe(false);
  });

  it('reads the URL', async () => {
    const { state } = await open('/list?page=3&size=50&sort=-creationTime&q=an&enabled=false');

    expect(state.query()).toEqual({
      page: 3,
      size: 50,
      sort: '-creationTime',
      q: 'an',
      filters: { enabled: 'false' },
    });
  });

  it('ignores values that are not allowed', async () => {
    const { state } = await open('/list?page=-1&size=9999&sort=password&enabled=perhaps');

    expect(state.query()).toEqual({ page: 1, size: 25, sort: 'name', q: null, filters: { enabled: null } });
  });

  it('writes changes without defaults', async () => {
    const { state } = await open('/list?page=3&sort=-creationTime');

    state.navigate({ sort: 'name', page: 2 });

    expect(await settled()).toBe('/list?page=2');
  });

  it('writes the page size with the page number, so that a link shows the same rows to everyone', async () => {
    localStorage.setItem('latchkey-page-size', '50');
    const { state } = await open('/list');
    expect(state.query().size).toBe(50);

    state.navigate({ page: 2 });

    expect(await settled()).toBe('/list?size=50&page=2');
  });

  it('uses the default size when the URL has a page without a size', async () => {
    localStorage.setItem('latchkey-page-size', '50');
    const { state } = await open('/list?page=3');

    expect(state.query()).toMatchObject({ page: 3, size: 25 });
  });

  it('stores the preferred page size and omits only the default from the URL', async () => {
    const { state } = await open('/list?page=3');

    state.navigate({ page: 1, size: 100 });

    expect(await settled()).toBe('/list?size=100');
    expect(localStorage.getItem('latchkey-page-size')).toBe('100');

    state.navigate({ page: 1, size: 25 });

    expect(await settled()).toBe('/list');
  });

  it('starts a search on the first page', async () => {
    const { state } = await open('/list?page=3');

    state.filter({ q: 'anna' });

    expect(await settled()).toBe('/list?q=anna');
  });

  it('clears search and filters and keeps the order', async () => {
    const { state } = await open('/list?q=anna&enabled=true&sort=-name');

    state.clearFilters();

    expect(await settled()).toBe('/list?sort=-name');
  });
});

describe('listState with tabs', () => {
  async function openTab(url: string): Promise<ListWithTabs> {
    TestBed.configureTestingModule({
      providers: [provideRouter([{ path: 'list', component: ListWithTabs }])],
    });
    const harness = await RouterTestingHarness.create();
    return harness.navigateByUrl(url, ListWithTabs);
  }

  it.each([
    ['/list', 'service'],
    ['/list?kind=human', 'human'],
    ['/list?kind=robot', 'service'],
    ['/list?kind=any', null],
  ])('opens the tab of %s', async (url, kind) => {
    const { state } = await openTab(url);

    expect(state.query().filters['kind']).toBe(kind);
    expect(state.isFiltered()).toBe(false);
  });

  it('keeps the tab when search and filters are cleared', async () => {
    const { state } = await openTab('/list?kind=human&q=anna&enabled=true');

    state.clearFilters();

    expect(await settled()).toBe('/list?kind=human');
  });
});
