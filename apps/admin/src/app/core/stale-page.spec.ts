import { DOCUMENT, Location } from '@angular/common';
import { Injector, runInInjectionContext } from '@angular/core';
import { NavigationError } from '@angular/router';
import { jest } from '@jest/globals';
import { loadAnew } from './stale-page';

const assign = jest.fn();
const injector = Injector.create({
  providers: [
    { provide: DOCUMENT, useValue: { location: { assign } } },
    { provide: Location, useValue: { prepareExternalUrl: (url: string) => `/admin${url}` } },
  ],
});

function fail(navigation: number): void {
  const error = new NavigationError(navigation, '/users?page=2', new Error('no bundle'));
  runInInjectionContext(injector, () => loadAnew(error));
}

beforeEach(() => assign.mockClear());

describe('loadAnew', () => {
  it('loads the page from the server', () => {
    fail(2);

    expect(assign).toHaveBeenCalledWith('/admin/users?page=2');
  });

  it('lets the first page fail', () => {
    fail(1);

    expect(assign).not.toHaveBeenCalled();
  });
});
