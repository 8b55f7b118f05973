import { ChangeDetectionStrategy, Component } from '@angular/core';
import { injectTexts } from '../core/language';
import { Logo } from './logo';

/** The house front of the pages that come before signing in: the brand on one side, the page on the other. */
@Component({
  selector: 'app-gate',
  imports: [Logo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './gate.html',
  styleUrl: './gate.scss',
})
export class Gate {
  protected readonly t = injectTexts();
}
