/* records - what ordinary C programs of the time were made of, in the proportions of the Dhrystone: records reached
   through pointers, strings copied and compared, small functions with a few arguments, arrays, switches and divisions.
   A little library lends its books: K&R C for bcc, 16-bit ints. */

#define BOOKS 12
#define READERS 5
#define TITLE 28
#define YEAR 364

struct book {
    struct book *next; /* in the shelf, sorted by title */
    int number, lent_to, times_lent;
    char title[TITLE];
};

struct book books[BOOKS];
struct book *shelf;
int fees[READERS], days[READERS][7];
int today, turnover, seed;

char *subjects[4];
char *kinds[3];

int append(to, from)
char *to, *from;
{
    int length = 0;
    while (*to) {
        to++;
        length++;
    }
    while (length < TITLE - 1 && (*to = *from) != 0) {
        to++;
        from++;
        length++;
    }
    *to = 0;
    return length;
}

int compare(a, b)
char *a, *b;
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a - *b;
}

insert(book)
struct book *book;
{
    struct book **at = &shelf;
    while (*at && compare((*at)->title, book->title) < 0)
        at = &(*at)->next;
    book->next = *at;
    *at = book;
}

struct book *find(title)
char *title;
{
    struct book *at;
    int order;
    for (at = shelf; at; at = at->next) {
        order = compare(at->title, title);
        if (order == 0)
            return at;
        if (order > 0)
            break;
    }
    return 0;
}

name_book(title, number)
char *title;
int number;
{
    title[0] = 0;
    append(title, kinds[number % 3]);
    append(title, subjects[(number / 3) & 3]);
}

stock()
{
    int number;
    subjects[0] = "of Numbers";
    subjects[1] = "of Ships and Stars";
    subjects[2] = "of Bread";
    subjects[3] = "of Machines";
    kinds[0] = "History ";
    kinds[1] = "The Art ";
    kinds[2] = "A Book ";
    for (number = 0; number < BOOKS; number++) {
        books[number].number = number;
        books[number].lent_to = -1;
        name_book(books[number].title, number);
        insert(&books[number]);
    }
}

int fee(book, kept)
struct book *book;
int kept;
{
    switch (book->number & 3) {
    case 0:
        return 0;
    case 1:
        return kept > 3 ? kept * 2 : 1;
    case 2:
        return kept + book->times_lent % 5;
    default:
        return 2;
    }
}

int lend(book, reader)
struct book *book;
int reader;
{
    if (book->lent_to >= 0)
        return 0;
    book->lent_to = reader;
    book->times_lent++;
    days[reader][today % 7] += 1;
    return 1;
}

give_back(book)
struct book *book;
{
    int reader = book->lent_to, kept = 0, day;
    for (day = 0; day < 7; day++)
        kept += days[reader][day];
    fees[reader] += fee(book, kept);
    if (fees[reader] > 500) {
        turnover += fees[reader] / 10;
        fees[reader] = 0;
    }
    days[reader][(today + 3) % 7] >>= 1;
    book->lent_to = -1;
}

unsigned body()
{
    char wanted[TITLE];
    struct book *book;
    int visitor, sum;
    if (!shelf)
        stock();
    for (visitor = 0; visitor < 12; visitor++) {
        today = today < YEAR ? today + 1 : 0;
        seed = seed * 257 + 41;
        name_book(wanted, ((seed >> 6) & 255) % (BOOKS + 2));
        book = find(wanted);
        if (!book)
            turnover ^= today;
        else if (!lend(book, today % READERS))
            give_back(book);
    }
    sum = turnover + today;
    for (book = shelf; book; book = book->next)
        sum = sum * 3 + book->times_lent - book->lent_to;
    return sum;
}
