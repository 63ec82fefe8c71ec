import type { ListPosition } from '../repository/upload-repository.js'
import { Problem } from '../problem.js'

/** A position in the list as an opaque, URL-safe string. */
export function cursorOf(position: ListPosition): string {
  return `${position.createdAt.toString(36)}.${position.id}`
}

/** @throws Problem `invalid-request` if the cursor was not made by this server. */
export function positionOf(cursor: string): ListPosition {
  const match = /^([0-9a-z]{1,10})\.([\w-]{1,64})$/u.exec(cursor)
  const [, createdAt, id] = match ?? []
  if (createdAt === undefined || id === undefined) {
    throw new Problem(
      'invalid-request',
      'The cursor does not belong to this list. Use "next" of the previous page, or leave it out for the first page.',
      {
        problems: [{ path: 'cursor', message: 'is not a cursor of this list' }],
      },
    )
  }
  return { createdAt: parseInt(createdAt, 36), id }
}
