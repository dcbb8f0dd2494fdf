/** The part of a route under `notify` that says when nobody is to be disturbed; as a policy's `time`, in the time of a place. */
import { z } from 'zod'
import { DAYS, isTimeZone, parseDays, parseTimeOfDay, type TimeWindow } from './policy/pattern/time-window.ts'

const WANTED_TIME = 'expected a time of day, such as "22:00"'
const timeOfDay = z
  .string(WANTED_TIME)
  .refine((text) => parseTimeOfDay(text) !== undefined, WANTED_TIME)
  .transform((text) => parseTimeOfDay(text) ?? 0)
const WANTED_DAYS = 'expected days, such as sat or mon-fri'
const days = z
  .array(z.string().refine((text) => parseDays(text) !== undefined, WANTED_DAYS))
  .min(1)
  .transform((texts) => DAYS.filter((day) => texts.some((text) => parseDays(text)?.includes(day))))

export const quietHours = z
  .strictObject({
    from: timeOfDay,
    to: timeOfDay,
    zone: z.string().refine(isTimeZone, 'expected a time zone, such as Europe/Berlin'),
    days: days.optional(),
  })
  .refine(({ from, to }) => from !== to, 'begins and ends at the same time')
  .transform(({ days: on, ...hours }): TimeWindow => ({ ...hours, days: on }))
