import { DOCUMENT, Location } from '@angular/common';
import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { Injector, runInInjectionContext } from '@angular/core';
import { NavigationError } from '@angular/router';
import { jest } from '@jest/globals';
import { of, throwError } from 'rxjs';
import { Notifier } from './notifier';
import { reloadStalePage } from './stale-page';

const assign = jest.fn();
const failure = jest.fn();
const get = jest.fn<HttpClient['get']>();
const injector = Injector.create({
  providers: [
    { provide: DOCUMENT, useValue: { location: { assign } } },
    { provide: HttpClient, useValue: { get } },
    { provide: Notifier, useValue: { failure } },
    { provide: Location, useValue: { prepareExternalUrl: (url: string) => `/admin${url}` } },
  ],
});

function fail(navigation: number): void {
  const error = new NavigationError(navigation, '/users?page=2', new Error('no bundle'));
  runInInjectionContext(injector, () => reloadStalePage(error));
}

beforeEach(() => {
  [assign, failure].forEach((mock) => mock.mockClear());
  get.mockReturnValue(of('<!doctype html>'));
});

describe('reloadStalePage', () => {
  it('reloads the page from the server', () => {
    fail(2);

    expect(assign).toHaveBeenCalledWith('/admin/users?page=2');
  });

  it('keeps the open page and reports the failure when the server does not respond', () => {
    get.mockReturnValue(throwError(() => new HttpErrorResponse({ status: 0 })));
    fail(2);

    expect(assign).not.toHaveBeenCalled();
    expect(failure).toHaveBeenCalledWith(expect.objectContaining({ status: 0 }));
  });

  it('does not reload the first page of a tab', () => {
    fail(1);

    expect(assign).not.toHaveBeenCalled();
  });
});
