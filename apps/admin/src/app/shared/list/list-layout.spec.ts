import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { listLayout, parseLayout } from './list-layout';

@Component({ template: '' })
class List {
  readonly layout = listLayout(signal('users'));
}

async function open(url: string): Promise<List> {
  TestBed.configureTestingModule({ providers: [provideRouter([{ path: 'list', component: List }])] });
  const harness = await RouterTestingHarness.create();
  return harness.navigateByUrl(url, List);
}

/** Waits for the navigation that a change has begun. */
async function settled(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve));
  return TestBed.inject(Router).url;
}

const KEY = 'latchkey-list-users';

beforeEach(() => localStorage.clear());

describe('listLayout', () => {
  it('stores hidden columns and density for the list', async () => {
    const { layout } = await open('/list');

    layout.toggle('roles');
    layout.toggle('state');
    layout.toggle('roles');
    layout.setCompact(true);

    expect([...layout.hidden()]).toEqual(['state']);
    expect(parseLayout(localStorage.getItem(KEY))).toEqual({ hidden: ['state'], isCompact: true });
    expect(await settled()).toBe('/list');
  });

  it('prefers the columns of the URL, and stores them once they are changed', async () => {
    localStorage.setItem(KEY, JSON.stringify({ hidden: ['state'], isCompact: false }));
    const { layout } = await open('/list?hidden=roles,email&q=an');
    expect([...layout.hidden()]).toEqual(['roles', 'email']);

    layout.toggle('email');

    expect(await settled()).toBe('/list?q=an');
    expect([...layout.hidden()]).toEqual(['roles']);
    expect(parseLayout(localStorage.getItem(KEY)).hidden).toEqual(['roles']);
  });

  it('resets the stored layout and the columns of the URL', async () => {
    localStorage.setItem(KEY, JSON.stringify({ hidden: ['state'], isCompact: true }));
    const { layout } = await open('/list?hidden=roles');

    layout.reset();

    expect(await settled()).toBe('/list');
    expect([layout.hidden().size, layout.isCompact()]).toEqual([0, false]);
  });
});

describe('parseLayout', () => {
  it.each([
    null,
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '{"hidden":"roles","isCompact":"yes"}',
    '{"hidden":[1,null,{},"<b>"]}',
  ])('ignores %s', (text) => {
    expect(parseLayout(text)).toEqual({ hidden: [], isCompact: false });
  });

  it('reads at most 20 columns', () => {
    const hidden = Array.from({ length: 30 }, (_, index) => `column${'x'.repeat(index)}`);

    expect(parseLayout(JSON.stringify({ hidden })).hidden).toHaveLength(20);
  });
});
