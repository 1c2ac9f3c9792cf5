import { kindName } from '../../../kind-name.ts';
import { hrefTo } from '../../../router.ts';
import { StateBadge } from '../../../ui/badge.tsx';
import { Instant } from '../../../ui/time.tsx';
import { QuietDay } from './quiet-day.tsx';
import type { Branch, Lane, Step, Timeline } from './timeline.ts';

/** Accepted → planned → each channel kind, with each delivery and each try. */
export function TimelinePicture({ timeline }: { timeline: Timeline }) {
  return (
    <div class="timeline">
      <ol class="trunk" aria-label="Until it was planned">
        {timeline.trunk.map((step) => (
          <StepMark key={step.key} step={step} />
        ))}
      </ol>
      <ul class="lanes" aria-label="Channel kinds">
        {timeline.lanes.map((lane) => (
          <LaneRow key={lane.kind} lane={lane} />
        ))}
      </ul>
    </div>
  );
}

function LaneRow({ lane }: { lane: Lane }) {
  const { kind, decision, branches, detail } = lane;
  return (
    <li class={`lane ${decision.tone}`}>
      <div class="lane-head">
        <h3>{kindName(kind)}</h3>
        <p class="small">{decision.sentence}</p>
        {detail !== null && <p class="small muted">{detail}</p>}
        {decision.wait?.quiet !== undefined && <QuietDay quiet={decision.wait.quiet} />}
      </div>
      <div class="branches">
        {branches.map((branch) => (
          <BranchRow key={branch.id} branch={branch} />
        ))}
        {branches.length === 0 && <p class="small muted">Ends here.</p>}
      </div>
    </li>
  );
}

function BranchRow({ branch }: { branch: Branch }) {
  const { id, state, steps } = branch;
  return (
    <div class="branch">
      <ol class="track">
        {steps.map((step) => (
          <StepMark key={step.key} step={step} />
        ))}
      </ol>
      {state !== '' && (
        <p class="row small">
          <StateBadge state={state} />
          <a href={hrefTo(`/deliveries/${id}`)}>Delivery</a>
        </p>
      )}
    </div>
  );
}

function StepMark({ step }: { step: Step }) {
  const { title, tone, at, after, sentence, wait } = step;
  return (
    <li class={wait === undefined ? `step ${tone}` : `step waits ${tone}`}>
      <span class="dot" aria-hidden="true" />
      <div class="step-text">
        <strong>{title}</strong>
        {at !== undefined && (
          <span class="muted small">
            {' '}
            <Instant at={at} seconds />
            {after !== undefined && <span class="gap nowrap"> {after}</span>}
          </span>
        )}
        {wait?.until !== undefined && (
          <span class="small muted">
            {' '}
            until <Instant at={wait.until} />
          </span>
        )}
        {sentence !== undefined && <p class="small muted">{sentence}</p>}
      </div>
    </li>
  );
}
