import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { ServerStateDto } from '@latchkey/auth-models';
import { ServerState } from './server-state';

const HOUR = 3_600_000;
const BACKUP = 'latchkey backup FILE';
const VERIFY = 'latchkey verify-audit';

let fixture: ComponentFixture<ServerState>;

const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

function textOf(state: Partial<ServerStateDto>): string {
  fixture = TestBed.createComponent(ServerState);
  fixture.componentRef.setInput('state', { knowsBackups: true, ...state });
  fixture.detectChanges();
  return (fixture.nativeElement as HTMLElement).textContent.replace(/\s+/g, ' ');
}

describe('ServerState', () => {
  it.each([
    [23, false],
    [26, true],
  ])('shows a backup that is %d hours old, with the command if it is due: %s', (hours, isDue) => {
    const text = textOf({
      lastBackup: { time: hoursAgo(hours), file: '/backups/a.sqlite', bytes: 2_500_000 },
    });

    expect(text).toContain('2.5 MB');
    expect(text).toContain('/backups/a.sqlite');
    expect(text.includes(BACKUP)).toBe(isDue);
  });

  it('refers to the tools of PostgreSQL', () => {
    const text = textOf({ knowsBackups: false });

    expect(text).toContain('pg_dump');
    expect(text).not.toContain(BACKUP);
  });

  it('shows that the trail does not contain the given head', () => {
    const text = textOf({
      lastAuditVerification: { time: hoursAgo(24), entries: 48_213, problems: 0, headDiffers: true },
    });

    expect(text).toContain('Does not contain the given head');
    expect(text).not.toContain('Intact');
    expect(text).toContain(VERIFY);
    expect((fixture.nativeElement as HTMLElement).querySelector('.bad')).not.toBeNull();
  });

  it.each([
    [0, 24, 'Intact, 48,213 entries', false],
    [0, 24 * 31, 'Intact, 48,213 entries', true],
    [2, 24, 'Not intact: 2 problems', true],
  ])('shows a verification with %d problems %d hours ago: %s', (problems, hours, result, isDue) => {
    const text = textOf({
      lastAuditVerification: { time: hoursAgo(hours), entries: 48_213, problems },
    });

    expect(text).toContain(result);
    expect(text.includes(VERIFY)).toBe(isDue);
  });
});
