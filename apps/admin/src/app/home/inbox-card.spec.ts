import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Session } from '../core/session';
import { TokenChanges } from '../shared/tokens/token-changes';
import { InboxActions } from './inbox-actions';
import { InboxCard } from './inbox-card';
import { INBOX_GROUPS } from './inbox-groups';

const TOKEN = {
  id: 'id',
  user: 'bot',
  kind: 'api',
  note: 'backup',
  state: 'expiring',
  tokenPreview: 'latchkey_…a1B2',
  verifiesFor: ['orders-api', 'shop'],
} as UserTokenDto;

/** Returns the names of the links and buttons of a card with one token. */
function actionsOf(name: string, permissions: readonly string[] = []): (string | null)[] {
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: InboxActions, useValue: {} },
      { provide: Session, useValue: { can: (permission: string) => permissions.includes(permission) } },
      { provide: TokenChanges, useValue: { mayChange: () => true } },
    ],
  });
  const fixture = TestBed.createComponent(InboxCard);
  fixture.componentRef.setInput(
    'group',
    INBOX_GROUPS.find((group) => group.name === name),
  );
  fixture.componentRef.setInput('page', { items: [TOKEN], total: 1 });
  fixture.detectChanges();
  const actions = (fixture.nativeElement as HTMLElement).querySelectorAll('.actions > :is(a, button)');
  return [...actions].map((action) => action.getAttribute('aria-label'));
}

describe('InboxCard', () => {
  it.each([
    ['canaryUsed', ['Respond: backup']],
    ['leaked', ['Respond: backup']],
    ['verifying', ['Extend by 90 days: backup', 'Rotate: backup']],
    ['expiring', ['Extend by 90 days: backup', 'Rotate: backup']],
    ['unused', ['Revoke: backup']],
    ['unusedPermissions', []],
  ])('offers what to do about a token in the group %s', (name, actions) => {
    expect(actionsOf(name).filter((action) => !action?.startsWith('More'))).toEqual(actions);
  });

  it('names the services that stop when a token expires', () => {
    actionsOf('verifying');

    expect(document.querySelector('.token')?.textContent).toContain('verifies for orders-api, shop');
    expect(document.querySelector('.fact')?.textContent).toContain('expires');
  });

  it.each([
    [['tokens:read', 'tokens:write'], true],
    [['tokens:write'], false],
    [['tokens:read'], false],
  ])('with the permissions %j, offers to hide tokens: %s', (permissions, isOffered) => {
    expect(actionsOf('expiring', permissions).includes('More actions: backup')).toBe(isOffered);
  });
});
