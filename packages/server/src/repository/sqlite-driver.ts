import type BetterSqlite3 from 'better-sqlite3'
import {
  type CompiledQuery,
  CompiledQuery as Query,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'

/** Compiled statements to cache; the repository has few, plus one for each length of a key list. */
const maxStatements = 200

interface Write {
  readonly query: CompiledQuery
  readonly resolve: (result: QueryResult<unknown>) => void
  readonly reject: (error: unknown) => void
}

/**
 * SQLite driver for a server with many concurrent requests.
 *
 * Group commit: a commit waits for the disk and blocks the only thread. So the writes of one event loop turn share one
 * transaction, and each resolves after it is on disk. A failed write does not affect the others. The writes run one
 * after another, so each sees the earlier changes, as in a transaction of its own.
 */
export class GroupingSqliteDriver implements Driver {
  readonly #open: () => Promise<BetterSqlite3.Database>
  readonly #statements = new Map<string, BetterSqlite3.Statement>()
  #database: BetterSqlite3.Database | undefined
  #writes: Write[] = []
  /** The connection with an open transaction; the others wait for its end. */
  #holder: DatabaseConnection | null = null
  #waiting: (() => void)[] = []

  constructor(open: () => Promise<BetterSqlite3.Database>) {
    this.#open = open
  }

  async init(): Promise<void> {
    this.#database = await this.#open()
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const connection: DatabaseConnection = {
      executeQuery: <Row>(query: CompiledQuery) =>
        this.#execute(connection, query) as Promise<QueryResult<Row>>,
      streamQuery: () => {
        throw new Error('Streaming queries are not supported: the repository reads whole pages.')
      },
    }
    return connection
  }

  async releaseConnection(): Promise<void> {
    // Without an open transaction there is nothing to release.
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(Query.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(Query.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(Query.raw('rollback'))
  }

  async destroy(): Promise<void> {
    this.#commitWrites()
    this.#database?.close()
  }

  async #execute(connection: DatabaseConnection, query: CompiledQuery): Promise<QueryResult<unknown>> {
    while (this.#holder !== null && this.#holder !== connection) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    const alone = this.#holder === connection || opensTransaction(query.sql)
    if (!alone && !this.#statement(query.sql).readonly) return this.#gather(query)
    try {
      return this.#run(query)
    } finally {
      this.#holder = this.#connected.inTransaction ? connection : null
      if (this.#holder === null) for (const resume of this.#waiting.splice(0)) resume()
    }
  }

  #gather(query: CompiledQuery): Promise<QueryResult<unknown>> {
    return new Promise((resolve, reject) => {
      this.#writes.push({ query, resolve, reject })
      if (this.#writes.length === 1) setImmediate(() => this.#commitWhenFree())
    })
  }

  #commitWhenFree(): void {
    if (this.#holder === null) this.#commitWrites()
    else this.#waiting.push(() => this.#commitWhenFree())
  }

  #commitWrites(): void {
    const writes = this.#writes
    this.#writes = []
    if (writes.length === 0) return
    const answers: (() => void)[] = []
    try {
      this.#run(Query.raw('begin immediate'))
      for (const { query, resolve, reject } of writes) {
        try {
          const result = this.#run(query)
          answers.push(() => resolve(result))
        } catch (error) {
          // Some errors, such as a full disk, end the whole transaction (sqlite.org/lang_transaction.html).
          if (!this.#connected.inTransaction) throw error
          answers.push(() => reject(error))
        }
      }
      this.#run(Query.raw('commit'))
    } catch (error) {
      if (this.#connected.inTransaction) this.#run(Query.raw('rollback'))
      for (const { reject } of writes) reject(error)
      return
    }
    for (const answer of answers) answer()
  }

  #run({ sql, parameters }: CompiledQuery): QueryResult<unknown> {
    const statement = this.#statement(sql)
    if (statement.reader) return { rows: statement.all(parameters) }
    const { changes, lastInsertRowid } = statement.run(parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  #statement(sql: string): BetterSqlite3.Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#connected.prepare(sql)
    if (this.#statements.size >= maxStatements) this.#statements.clear()
    this.#statements.set(sql, statement)
    return statement
  }

  get #connected(): BetterSqlite3.Database {
    if (this.#database === undefined) throw new Error('The database is not open.')
    return this.#database
  }
}

const opensTransaction = (sql: string): boolean => /^\s*begin\b/iu.test(sql)
