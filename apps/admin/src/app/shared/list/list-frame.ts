import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Face } from '../face';
import { ListPages } from './list-pages';
import { type ListState, PAGE_SIZES } from './list-state';
import { OutOfDate } from '../out-of-date';
import { ProblemFace } from '../problem-face';
import { injectTexts } from '../../core/language';
import type { RowList } from './row-list';

/** Frames the rows of any list: progress over the old rows, a face when there are none, and the pages below. */
@Component({
  selector: 'app-list-frame',
  imports: [Face, ListPages, MatButton, MatProgressBar, OutOfDate, ProblemFace],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list-frame.html',
  styleUrl: './list-frame.scss',
})
export class ListFrame {
  readonly list = input.required<RowList<unknown>>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly skeleton = [0, 1, 2, 3, 4, 5];
  protected readonly hasPages = computed(() => {
    const { face, total } = this.list();
    return face() === 'rows' && (total() ?? 0) > PAGE_SIZES[0];
  });
}
