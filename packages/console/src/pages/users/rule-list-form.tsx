import { useState } from 'preact/hooks';
import type { Answer, Body } from '@carillon/client';
import { useDoing } from '../../load.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Form, SaveRow } from '../../ui/form.tsx';
import {
  minutesOf,
  stepOf,
  stepText,
  stepTypes,
  warningText,
  withMoved,
  type StepType,
} from './rule-words.ts';

type RuleList = Answer<'getRules'>['default'];

interface Draft {
  type: StepType;
  minutes: string;
  warning: string | null;
}

interface RuleListFormProps {
  list: RuleList;
  /** For people who hear the page. */
  name: string;
  onSave: (wish: Pick<Body<'setRules'>, 'steps' | 'repeat'>) => Promise<void>;
}

/** A list of rules: its steps in order, changed and saved as a whole. */
export function RuleListForm({ list, name, onSave }: RuleListFormProps) {
  const [steps, setSteps] = useState<readonly Draft[]>(() =>
    list.rules.map(({ type, wait_seconds: seconds, warning }) => ({
      type,
      minutes: minutesOf(seconds),
      warning,
    })),
  );
  const [times, setTimes] = useState(String(list.repeat?.times ?? 0));
  const [every, setEvery] = useState(minutesOf(list.repeat?.every_seconds ?? 3600));
  const saving = useDoing(() => {
    const repeats = Number(times);
    return onSave({
      steps: steps.map(({ type, minutes }) => stepOf(type, minutes)),
      repeat: repeats > 0 ? { times: repeats, every_seconds: Math.round(Number(every) * 60) } : null,
    });
  });
  const change = (index: number, draft: Draft): void => setSteps(steps.with(index, draft));
  return (
    <Form onSubmit={() => saving.run()} label={`Change ${name}`}>
      <ol class="rule-steps">
        {steps.map((step, index) => (
          <li key={index}>
            <StepRow
              step={step}
              number={index + 1}
              last={index === steps.length - 1}
              onStep={(draft) => change(index, draft)}
              onMove={(by) => setSteps(withMoved(steps, index, by))}
              onRemove={() => setSteps(steps.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ol>
      <div>
        <Button onClick={() => setSteps([...steps, newStep(steps)])}>Add a step</Button>
      </div>
      {steps.length > 0 && (
        <div class="form columns">
          <TextField
            label="Run it again (times)"
            type="number"
            value={times}
            onValue={setTimes}
            hint="0: never."
          />
          {Number(times) > 0 && (
            <TextField label="After its end (minutes)" type="number" value={every} onValue={setEvery} />
          )}
        </div>
      )}
      <SaveRow of={saving}>Save the list</SaveRow>
    </Form>
  );
}

/** After a message one waits, and then sends the next. */
function newStep(steps: readonly Draft[]): Draft {
  const last = steps.at(-1)?.type;
  if (last !== undefined && last !== 'wait') return { type: 'wait', minutes: '15', warning: null };
  return { type: 'notify_by_email', minutes: '', warning: null };
}

interface StepRowProps {
  step: Draft;
  number: number;
  last: boolean;
  onStep: (step: Draft) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

function StepRow({ step, number, last, onStep, onMove, onRemove }: StepRowProps) {
  return (
    <div class="rule-step">
      <SelectField
        label={`Step ${number}`}
        value={step.type}
        choices={stepTypes.map((value) => ({ value, label: stepText(value) }))}
        onValue={(type) =>
          onStep({ type, minutes: type === 'wait' ? step.minutes || '15' : '', warning: null })
        }
      />
      {step.type === 'wait' && (
        <TextField
          label="Minutes"
          type="number"
          value={step.minutes}
          onValue={(minutes) => onStep({ ...step, minutes })}
          required
        />
      )}
      <span class="row nowrap-row">
        <Button
          look="plain"
          disabled={number === 1}
          onClick={() => onMove(-1)}
          aria-label={`Move step ${number} up`}
        >
          ↑
        </Button>
        <Button
          look="plain"
          disabled={last}
          onClick={() => onMove(1)}
          aria-label={`Move step ${number} down`}
        >
          ↓
        </Button>
        <Button look="plain" onClick={onRemove} aria-label={`Remove step ${number}`}>
          ×
        </Button>
      </span>
      {step.warning !== null && <p class="wrong small">{warningText(step.warning)}</p>}
    </div>
  );
}
