import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { MatMenuHarness } from '@angular/material/menu/testing';
import { provideRouter } from '@angular/router';
import { Session } from '../core/session';
import { AccountMenu } from './account-menu';

describe('AccountMenu', () => {
  it.each([
    [
      { name: 'anna', displayName: 'Anna Berg', roles: ['admin', 'user'] },
      ['Anna Berg', 'anna · admin, user'],
    ],
    [{ name: 'anna', roles: ['admin'] }, ['anna', 'admin']],
    [{ name: 'anna', roles: [] }, ['anna', '']],
  ])('does not repeat the name of %j', async (me, words) => {
    TestBed.configureTestingModule({
      providers: [provideRouter([]), { provide: Session, useValue: { user: () => me } }],
    });
    const fixture = TestBed.createComponent(AccountMenu);
    await (await TestbedHarnessEnvironment.loader(fixture).getHarness(MatMenuHarness)).open();

    const user = document.querySelector('.user');
    expect([...(user?.children ?? [])].map(({ textContent }) => textContent)).toEqual(words);
  });
});
