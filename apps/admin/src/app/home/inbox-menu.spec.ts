import { TestBed } from '@angular/core/testing';
import { Session } from '../core/session';
import { InboxMenu } from './inbox-menu';

describe('InboxMenu', () => {
  it.each([
    [['tokens:read', 'tokens:write'], true],
    [['tokens:write'], false],
    [['tokens:read'], false],
  ])('with the permissions %j, offers to hide tokens: %s', (permissions, isOffered) => {
    const can = (permission: string) => permissions.includes(permission);
    TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: { can } }] });
    const fixture = TestBed.createComponent(InboxMenu);
    fixture.componentRef.setInput('name', 'backup');
    fixture.detectChanges();

    const button = (fixture.nativeElement as HTMLElement).querySelector('button');
    expect(button !== null).toBe(isOffered);
  });
});
