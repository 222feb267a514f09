"""Run the simulator from a checkout: ``python run_sim.py --help``."""

if __name__ == "__main__":
    # Not above: a spawned worker reads this file again and needs none of the commands.
    try:
        from sim.cli import main

        status = main()
    except KeyboardInterrupt:
        # Pressed while the libraries were still being loaded.
        status = 130
    raise SystemExit(status)
